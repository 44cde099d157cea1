import type { Client } from '@rastreio/grafana';
import { instanceOf, type Change } from './compare';

interface Annotation {
  readonly alertName: string;
  readonly time: number;
  /** State, and why where that is more than the condition: `Normal (NoData, KeepLast)`. */
  readonly newState: string;
  readonly prevState: string;
  /** `title {name=value, ...} - values`. */
  readonly text: string;
}

const MOST = 100_000;
/** Beside the labels of the rule itself. */
const ADDED = ['alertname', 'grafana_folder'];

/**
 * What a Grafana keeps of its alert instances' states (backend "annotations", its default). Changes of the reason alone are left out: it
 * keeps those away from missing data and not those towards it.
 *
 * @param rules by title: uid and the rule's own labels, which are no part of an instance here
 */
export async function stateHistory(
  client: Client,
  rules: ReadonlyMap<string, { readonly uid: string; readonly labels: Readonly<Record<string, string>> }>,
  fromMs: number,
  toMs: number,
): Promise<readonly Change[]> {
  const found = await client.get<readonly Annotation[]>(
    `/api/annotations?type=alert&from=${fromMs}&to=${toMs}&limit=${MOST}`,
  );
  return found.flatMap(({ alertName, time, newState, prevState, text }) => {
    const rule = rules.get(alertName);
    if (rule === undefined || nameOf(newState) === nameOf(prevState)) return [];
    const labels = labelsOf(text);
    for (const name of [...ADDED, ...Object.keys(rule.labels)]) delete labels[name];
    return [{ rule: rule.uid, instance: instanceOf(labels), atMs: time, to: newState }];
  });
}

function nameOf(state: string): string {
  return state.replace(/ \(.*/, '');
}

function labelsOf(text: string): Record<string, string> {
  const list = /\{(.*)\} - /.exec(text)?.[1] ?? '';
  return Object.fromEntries(
    list
      .split(/, (?=[a-z_]+=)/)
      .filter((pair) => pair !== '')
      .map((pair) => [pair.slice(0, pair.indexOf('=')), pair.slice(pair.indexOf('=') + 1)]),
  );
}
