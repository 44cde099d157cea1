import { hubSlowness, nextInShift } from './calendar';
import type { Step } from './carrier';
import type { City } from './cities';
import { meet, type WorldIncident } from './incidents';
import { MACHINE, MAX_ATTEMPTS, MAX_STEPS, MISSED_SCANS, type State, type Transition } from './machine';
import type { Lane } from './network';
import type { Random } from './random';
import { HOUR_MS, MINUTE_MS } from './units';

interface Position {
  readonly lane: Lane;
  /** EM TRÂNSITO scans so far: the first is the departure, each further one the arrival at the end of a leg. */
  scans: number;
  attempts: number;
  corrected: boolean;
}

/**
 * Draws one parcel's whole life: statuses and instants as they are reported, the first one POSTADO. Every step takes the same
 * number of draws, so an incident moves instants but not the choices that follow.
 */
export function drawLifecycle(
  lane: Lane,
  postedMs: number,
  random: Random,
  incidents: readonly WorldIncident[],
): Step[] {
  const steps: Step[] = [{ atMs: postedMs, status: 'POSTADO' }];
  const position: Position = { lane, scans: 0, attempts: 0, corrected: false };
  let state: State = 'POSTADO';
  let atMs = postedMs;
  for (let scans = 1; scans < MAX_STEPS; scans++) {
    const transition = choose(MACHINE[state], random.unit(), lane);
    const { to, shift } = transition;
    const dwellMs = drawDwellMs(transition, state, position, atMs, random);
    const unit = random.unit();
    const missed = random.unit();
    if (to === null) break;
    const place = arrive(to, position);
    const scanMs = nextInShift(Math.max(atMs + MINUTE_MS, atMs + dwellMs), shift, unit);
    const met = meet(incidents, { atMs: scanMs, status: to, place, unit });
    atMs = Math.ceil(met.atMs / 1000) * 1000;
    const departure = state === 'POSTADO';
    const status = met.reported ?? met.status;
    if (departure || missed >= (MISSED_SCANS[status] ?? 0)) steps.push({ atMs, status });
    if (met.status !== to) break;
    state = stateAfter(to, position);
  }
  return steps;
}

function choose(ways: readonly Transition[], unit: number, lane: Lane): Transition {
  let left = unit * ways.reduce((sum, way) => sum + weightOf(way, lane), 0);
  return ways.find((way) => (left -= weightOf(way, lane)) < 0) ?? (ways[0] as Transition);
}

function weightOf({ to, weight }: Transition, { missed }: Lane): number {
  return to === 'TENTATIVA DE ENTREGA' ? weight * missed : weight;
}

function drawDwellMs(
  transition: Transition,
  state: State,
  position: Position,
  sinceMs: number,
  random: Random,
): number {
  const { snag, sigma, shift } = transition;
  const meets = random.unit() < (snag?.share ?? 0) * position.lane.snags;
  const hours =
    meets && snag !== undefined
      ? random.logNormal(snag.medianHours, snag.sigma)
      : random.logNormal(medianHours(transition, state, position), sigma);
  return hours * HOUR_MS * (shift === 'always' ? hubSlowness(sinceMs) : 1);
}

function medianHours(
  { to, medianHours: hours }: Transition,
  state: State,
  { lane, scans }: Position,
): number {
  const leg = lane.legs[scans - 1];
  if (state === 'EM TRÂNSITO, on its way' && to === 'EM TRÂNSITO' && leg !== undefined)
    return leg.medianHours;
  return to === 'EM ROTA DE ENTREGA' || to === 'ENTREGUE' ? hours * lane.lastMile : hours;
}

/** Moves the parcel on and says in which city the scan is made. */
function arrive(to: string, position: Position): City {
  const { lane } = position;
  if (to === 'EM TRÂNSITO') position.scans = Math.min(position.scans + 1, lane.legs.length + 1);
  return lane.legs[position.scans - 2]?.to ?? lane.origin;
}

function stateAfter(status: string, position: Position): State {
  switch (status) {
    case 'EM TRÂNSITO':
      return position.scans <= position.lane.legs.length
        ? 'EM TRÂNSITO, on its way'
        : 'EM TRÂNSITO, at the destination';
    case 'EM ROTA DE ENTREGA':
    case 'AGUARDANDO RETIRADA':
      return status;
    case 'TENTATIVA DE ENTREGA':
      return ++position.attempts < MAX_ATTEMPTS ? status : 'TENTATIVA DE ENTREGA, the last';
    case 'ENTREGUE':
    case 'EXTRAVIADO': {
      const first = !position.corrected;
      position.corrected = true;
      return first ? status : 'final';
    }
    default:
      return 'final';
  }
}
