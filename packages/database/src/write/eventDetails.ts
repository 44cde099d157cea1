import { endOfDay, isPlain } from '@rastreio/contract';
import type { NumberedReceived, ReceivedEvent } from './batch';

const DAY_LENGTH = 'YYYY-MM-DD'.length;

/** Events of which a promise that is a day has become the end of that day in the operator's time zone. */
export function withPromises(events: readonly ReceivedEvent[], zone: string): readonly ReceivedEvent[] {
  if (!events.some(({ prazo }) => prazo?.length === DAY_LENGTH)) return events;
  return events.map((event) =>
    event.prazo?.length === DAY_LENGTH ? { ...event, prazo: endOfDay(event.prazo, zone) } : event,
  );
}

/** Whether an event says no more than the original's five fields. */
export function saysNoMore(event: NumberedReceived): boolean {
  return event.palavra === undefined && isPlain(event);
}

/**
 * `eventos_rastreamento.detalhes` as JSON: what an event says beside the columns of the table, null where {@link saysNoMore}. Its
 * places are among it as it says them, since it may leave one out.
 */
export function detailsOf(event: NumberedReceived): string | null {
  if (saysNoMore(event)) return null;
  const { origem, destino, servico, local, codigo_evento, descricao, prazo, transportadora, palavra } = event;
  // Said with the event, as nearly all are.
  const prazo_em = event.prazo_em === event.data_atualizacao ? undefined : event.prazo_em;
  // A tracking number without a carrier names nothing: it is only kept.
  const codigo = transportadora === undefined ? event.codigo : undefined;
  const json =
    member('origem', origem) +
    member('destino', destino) +
    member('transportadora', transportadora) +
    member('codigo', codigo) +
    member('servico', servico) +
    member('local', local) +
    member('codigo_evento', codigo_evento) +
    member('descricao', descricao) +
    member('prazo', prazo) +
    member('prazo_em', prazo_em) +
    member('palavra', palavra);
  return `{${json.slice(1)}}`;
}

/** What JSON writes in a string otherwise than it is. */
const ESCAPED = /["\\\u0000-\u001f\ud800-\udfff]/;

/** A member of a JSON object after a comma, nothing where there is no text: a third of the time of JSON.stringify, for each coded event. */
function member(name: string, text: string | undefined): string {
  if (text === undefined) return '';
  return ESCAPED.test(text) ? `,"${name}":${JSON.stringify(text)}` : `,"${name}":"${text}"`;
}

/** As {@link detailsOf}, with the places in any case: such an event stays what it is when the parcel's places change. */
export function detailsWithPlaces(event: NumberedReceived): string {
  return detailsOf(event) ?? JSON.stringify({ origem: event.origem, destino: event.destino });
}
