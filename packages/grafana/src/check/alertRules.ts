import { setTimeout as sleep } from 'node:timers/promises';
import type { Client } from '../client';
import { asList, asObject, asText, type JsonObject } from '../json';
import type { Row } from './row';

const ASK_AGAIN_MS = 1000;

/** A rule that must be there; one that is paused is not asked for its health. */
export interface WantedRule {
  readonly uid: string;
  readonly title: string;
  readonly paused: boolean;
}

/**
 * Whether the rules are there and their last evaluation went well; one that was not evaluated yet, or that failed before this check began, is
 * waited for.
 */
export async function checkRules(
  client: Client,
  wanted: readonly WantedRule[],
  waitMs: number,
): Promise<readonly Row[]> {
  const start = Date.now();
  const deadline = start + waitMs;
  for (;;) {
    const found = await readRules(client);
    const waiting = wanted.some(({ uid, paused }) => !paused && mayChange(found.get(uid), start));
    if (!waiting || Date.now() > deadline) return wanted.map((rule) => rowOf(rule, found.get(rule.uid)));
    await sleep(ASK_AGAIN_MS);
  }
}

function mayChange(rule: JsonObject | undefined, since: number): boolean {
  if (rule?.health === 'unknown') return true;
  return rule?.health === 'error' && Date.parse(asText(rule.lastEvaluation)) < since;
}

function rowOf({ uid, title, paused }: WantedRule, found: JsonObject | undefined): Row {
  const base = { part: 'rules' as const, what: `regra "${title}" (${uid})` };
  if (found === undefined)
    return { ...base, ok: false, detail: 'is not loaded; run "npm run grafana:apply"' };
  if (paused) return { ...base, ok: true, detail: 'paused' };
  const health = asText(found.health);
  const detail =
    health === 'ok'
      ? asText(found.state)
      : health === 'unknown'
        ? 'has not been evaluated yet; wait longer with --wait-rules'
        : `health ${health}: ${asText(found.lastError)}`;
  return { ...base, ok: health === 'ok', detail };
}

async function readRules(client: Client): Promise<ReadonlyMap<string, JsonObject>> {
  const { data } = await client.get<JsonObject>('/api/prometheus/grafana/api/v1/rules');
  const rules = asList(asObject(data).groups).flatMap((group) => asList(asObject(group).rules).map(asObject));
  return new Map(rules.map((rule) => [asText(rule.uid), rule]));
}
