import type { BrokenEvent, ExpectedRejection } from './message';
import type { Random } from './random';
import type { SimulatedEvent } from './world';

interface Breakage {
  readonly body: BrokenEvent;
  /** Known by construction, not by asking the validator. */
  readonly rejection: ExpectedRejection;
}

type Break = (event: SimulatedEvent, random: Random) => Breakage;

const BREAKAGES: readonly Break[] = [
  (event, random) => broken(JSON.stringify(event).slice(0, -1 - random.below(40)), 'invalid_json', null),
  (event) => broken(JSON.stringify([event]), 'not_an_object', null),
  (event) => broken({ ...event, id_pacote: `P-${event.id_pacote}` }, 'wrong_type', 'id_pacote'),
  (event) => broken({ ...event, id_pacote: -event.id_pacote }, 'out_of_range', 'id_pacote'),
  (event) => broken({ ...event, destino: undefined }, 'missing_field', 'destino'),
  (event) => broken({ ...event, origem: 'x'.repeat(300) }, 'too_long', 'origem'),
  (event) => broken({ ...event, status_rastreamento: ' ' }, 'empty', 'status_rastreamento'),
  (event) =>
    broken(
      { ...event, data_atualizacao: event.data_atualizacao.replace(/T.*/, '') },
      'invalid_timestamp',
      'data_atualizacao',
    ),
];

/** One of the ways to break an event. */
export function breakEvent(event: SimulatedEvent, random: Random): Breakage {
  return random.pick(BREAKAGES)(event, random);
}

/** The event with a timestamp that lacks its offset. */
export function withoutOffset(event: SimulatedEvent): Breakage {
  const data_atualizacao = event.data_atualizacao.replace('Z', '');
  return broken({ ...event, data_atualizacao }, 'naive_timestamp', 'data_atualizacao');
}

/** The event dated in a year that no clock skew explains. */
export function inTheFuture(event: SimulatedEvent): Breakage {
  const data_atualizacao = event.data_atualizacao.replace(/^\d{4}-\d\d-\d\d/, '2999-01-01');
  return broken({ ...event, data_atualizacao }, 'future_timestamp', 'data_atualizacao');
}

function broken(body: BrokenEvent, reason: ExpectedRejection['reason'], field: string | null): Breakage {
  return { body, rejection: { reason, field } };
}
