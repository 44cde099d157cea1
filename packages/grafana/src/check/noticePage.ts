import { setTimeout as sleep } from 'node:timers/promises';
import { asList, asObject, asText, type JsonObject } from '../json';

const ASK_TIMEOUT_MS = 2_000;
const STEP_MS = 200;

/** The notices on the page that answers at a webhook's address, newest first; undefined where no such page answers this machine. */
export async function noticesAt(url: string): Promise<readonly JsonObject[] | undefined> {
  try {
    const response = await fetch(url, { signal: AbortSignal.timeout(ASK_TIMEOUT_MS) });
    const { avisos } = asObject(await response.json());
    return response.ok && Array.isArray(avisos) ? asList(avisos).map(asObject) : undefined;
  } catch {
    // Not reachable from here, or no JSON: something else, which may receive alerts all the same.
    return undefined;
  }
}

/** Waits for the notice whose first alert has this label. @returns its title; undefined when it does not come in time */
export async function waitForNotice(
  url: string,
  [label, value]: readonly [string, string],
  timeoutMs: number,
): Promise<string | undefined> {
  const deadline = Date.now() + timeoutMs;
  do {
    const found = ((await noticesAt(url)) ?? []).find(
      ({ alerts }) => asObject(asObject(asList(alerts)[0]).labels)[label] === value,
    );
    if (found !== undefined) return asText(found.title);
    await sleep(STEP_MS);
  } while (Date.now() < deadline);
  return undefined;
}
