import { BEYOND_CLASSIC, differences, type Difference } from './differences';
import { settle, unsetNames } from './interpolate';
import { fingerprint, type JsonObject } from './json';
import type { Screen } from './screen';
import { concealed, revealed } from './secrets';
import { rememberedOf, type State } from './state';
import { decide, type Reason, type Sides, type Verdict } from './threeWay';
import type { Unit, Units } from './units';

/** What is to happen to one unit. */
export interface Step {
  readonly id: string;
  readonly verdict: Verdict;
  /** As the files want it, ready to be written. */
  readonly file: Unit | undefined;
  readonly screen: Unit | undefined;
  /** As it is remembered when it is applied; undefined when the files have no such unit. */
  readonly content: JsonObject | undefined;
}

/** Something on the screen that an apply leaves as it is. */
export interface Kept {
  readonly unit: Pick<Unit, 'kind' | 'key'>;
  readonly title: JsonObject;
  readonly reason: Reason;
  /** From what was applied last, or where nothing is remembered from what the files say, to what the screen has. */
  readonly differences: readonly Difference[];
}

/** Compares what was applied last, the files and the screen, unit by unit; changes nothing. */
export function planOf(files: Units, screen: Screen, state: State, force: boolean): readonly Step[] {
  const ids = new Set([...files.keys(), ...screen.units.keys(), ...Object.keys(state.units)]);
  return [...ids].map((id) => stepOf(id, files.get(id), screen.units.get(id), state, force));
}

/** What is kept and how it differs. */
export function keptOf(step: Step, state: State): Kept | undefined {
  const { id, verdict, screen, content } = step;
  if (verdict.do !== 'keep') return undefined;
  const applied = state.units[id]?.content;
  const now = comparable(screen, state, applied);
  return {
    unit: splitId(id),
    title: screen?.content ?? content ?? applied ?? {},
    reason: verdict.reason,
    differences: mostTelling(differences(applied ?? content, now)),
  };
}

/** Where Grafana does not give a dashboard in the classic form, everything else only seems to be gone. */
function mostTelling(all: readonly Difference[]): readonly Difference[] {
  const beyond = all.filter(({ path }) => path === BEYOND_CLASSIC);
  return beyond.length > 0 ? beyond : all;
}

/** The names of variables that a step needs and that are not set. */
export function missingOf({ verdict, file }: Step): readonly string[] {
  const writes = verdict.do === 'create' || verdict.do === 'update';
  return writes && file !== undefined ? unsetNames(file.content) : [];
}

/** A unit's content for comparing with what is remembered: secrets concealed, and where Grafana hides them those applied last. */
function comparable(
  unit: Unit | undefined,
  { salt }: State,
  applied: JsonObject | undefined,
): JsonObject | undefined {
  return unit === undefined ? undefined : revealed(concealed(unit, salt).content, applied);
}

/** The three sides of one unit, made comparable. */
export interface Compared {
  /** The files' unit; what depends on variables that are not set here is as Grafana has it. */
  readonly file: Unit | undefined;
  /** The files' content, secrets concealed. */
  readonly content: JsonObject | undefined;
  /** The screen's content, secrets concealed. */
  readonly now: JsonObject | undefined;
  readonly sides: Sides;
}

/** Makes the three sides of a unit comparable. */
export function compareSides(
  id: string,
  file: Unit | undefined,
  screen: Unit | undefined,
  state: State,
): Compared {
  const memory = state.units[id];
  const now = comparable(screen, state, memory?.content);
  const settled =
    file === undefined
      ? undefined
      : { ...file, content: settle(file.content, screen?.content) as JsonObject };
  const content = comparable(settled, state, memory?.content);
  const print = (side: JsonObject | undefined) => (side === undefined ? undefined : fingerprint(side));
  const sides = { remembered: rememberedOf(memory), file: print(content), screen: print(now) };
  return { file: settled, content, now, sides };
}

function stepOf(
  id: string,
  file: Unit | undefined,
  screen: Unit | undefined,
  state: State,
  force: boolean,
): Step {
  const { file: settled, content, sides } = compareSides(id, file, screen, state);
  return { id, verdict: decide(sides, force), file: settled, screen, content };
}

/** The kind and key of a unit's name. */
export function splitId(id: string): Pick<Unit, 'kind' | 'key'> {
  const at = id.indexOf('/');
  return { kind: id.slice(0, at) as Unit['kind'], key: id.slice(at + 1) };
}
