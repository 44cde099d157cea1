import { isPlain } from '@rastreio/contract';
import type { ReceivedEvent } from './batch';

type EveryField<Event> = { readonly [Field in keyof Event]-?: Event[Field] | undefined };

/**
 * An event with when it came and, where it is known, its parcel's number. Written out field by field, with undefined for what an event in a
 * carrier's words does not say: of a spread, or of many shapes, all that follows reads several times as slowly. The compiler tells of a new
 * field.
 *
 * @param recebido_em whole milliseconds since the epoch
 */
export function receivedEvent(
  event: Omit<ReceivedEvent, 'recebido_em'>,
  recebido_em: number,
  id_pacote = event.id_pacote,
): ReceivedEvent {
  if (event.palavra === undefined && isPlain(event)) {
    // Nearly all: of the original's fields alone.
    const { id_pacote, origem, destino, status_rastreamento, data_atualizacao } = event;
    return { id_pacote, origem, destino, status_rastreamento, data_atualizacao, recebido_em };
  }
  const { origem, destino, status_rastreamento, data_atualizacao } = event;
  const {
    transportadora,
    codigo,
    servico,
    local,
    codigo_evento,
    descricao,
    prazo,
    prazo_em,
    correcao,
    palavra,
  } = event;
  const received: EveryField<ReceivedEvent> = {
    id_pacote,
    origem,
    destino,
    status_rastreamento,
    data_atualizacao,
    recebido_em,
    transportadora,
    codigo,
    servico,
    local,
    codigo_evento,
    descricao,
    prazo,
    prazo_em,
    correcao,
    palavra,
  };
  return received as ReceivedEvent;
}
