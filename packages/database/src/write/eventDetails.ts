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

/** What takes the members of a JSON object one by one. */
export interface MemberSink {
  /** A member, nothing where there is no text. */
  member(name: string, text: string | undefined): void;
}

/**
 * Tells a sink the members of `eventos_rastreamento.detalhes`: what an event says beside the columns of the table. Its places are among them as
 * it says them, since it may leave one out.
 */
export function sayDetails(event: NumberedReceived, sink: MemberSink): void {
  const { data_atualizacao, transportadora, codigo, prazo_em } = event;
  sink.member('origem', event.origem);
  sink.member('destino', event.destino);
  sink.member('transportadora', transportadora);
  // A tracking number without a carrier names nothing: it is only kept.
  sink.member('codigo', transportadora === undefined ? codigo : undefined);
  sink.member('servico', event.servico);
  sink.member('local', event.local);
  sink.member('codigo_evento', event.codigo_evento);
  sink.member('descricao', event.descricao);
  sink.member('prazo', event.prazo);
  // Said with the event, as nearly all are.
  sink.member('prazo_em', prazo_em === data_atualizacao ? undefined : prazo_em);
  sink.member('palavra', event.palavra);
}

/** An event's details as JSON, with its places in any case: such an event stays what it is when the parcel's places change. */
export function detailsText(event: NumberedReceived): string {
  const said: Record<string, string | undefined> = {};
  sayDetails(event, { member: (name, text) => (said[name] = text) });
  return JSON.stringify(said);
}
