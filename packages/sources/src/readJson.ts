import { parseJson, SentNumber } from '@rastreio/contract';
import { problem, type Item } from './item';
import type { Pause } from './pause';
import type { SourceProfile } from './profile';

/** The events in a JSON payload: what the steps of `events` lead to, each step from every value that the one before gave. */
export async function* readJson(profile: SourceProfile, text: string, pause: Pause): AsyncGenerator<Item> {
  let root: unknown;
  try {
    root = withPlainNumbers(parseJson(text));
  } catch (error) {
    const why = error instanceof RangeError ? 'nested too deeply' : (error as Error).message.slice(0, 200);
    yield problem('$', `the payload is not JSON (${why}); send JSON, or use a profile of another format`);
    return;
  }
  yield* follow(profile, { root, value: root, parent: undefined, where: '$' }, 0, pause);
}

interface Place {
  readonly root: unknown;
  readonly value: unknown;
  readonly parent: unknown;
  readonly where: string;
}

async function* follow(
  profile: SourceProfile,
  place: Place,
  depth: number,
  pause: Pause,
): AsyncGenerator<Item> {
  await pause();
  const { root, value, parent, where } = place;
  const step = profile.events?.[depth];
  if (step === undefined) {
    yield { ok: true, where, value, bindings: { root, parent } };
    return;
  }
  const line = () => `${profile.name}, line ${profile.lineOf(['events', String(depth)])} (events)`;
  let found: unknown;
  try {
    found = await step.evaluate(value, { root, parent });
  } catch (error) {
    yield problem(where, `${line()}: ${(error as Error).message}`);
    return;
  }
  if (found === undefined || found === null) {
    yield problem(
      where,
      `${line()}: ${step.text} finds nothing here; correct the expression, or let it give [] where there are no events`,
    );
    return;
  }
  const at = placeOf(where, step);
  const values: readonly unknown[] = Array.isArray(found) ? found : [found];
  for (const [i, next] of values.entries()) {
    const place = { root, value: next, parent: value, where: `${at}${Array.isArray(found) ? `[${i}]` : ''}` };
    yield* follow(profile, place, depth + 1, pause);
  }
}

/** The place below another one; where a step has no name, its expression stands for it. */
function placeOf(where: string, { text, at }: { readonly text: string; readonly at: string | null }): string {
  if (at !== null) return `${where}.${at}`;
  return text.trim() === '$' ? where : `${where}.(${text.replace(/\s+/g, ' ').trim()})`;
}

/** Numbers that JavaScript would write otherwise than they were sent are texts: no digit of a tracking number is lost. */
function withPlainNumbers(value: unknown): unknown {
  if (typeof value !== 'object' || value === null) return value;
  if (value instanceof SentNumber) return value.text;
  if (Array.isArray(value)) return value.map(withPlainNumbers);
  return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, withPlainNumbers(inner)]));
}
