import type { Message, SimulatedEvent } from '@rastreio/simulator';

/** The three events that the original's producer.py sends, in its order. */
export const ORIGINAL_MESSAGES: readonly Message[] = [
  message(1333, 'Natal', 'Paraíba', 'AGUARDANDO RETIRADA', '2025-10-12T08:15:00Z'),
  message(1411, 'Acre', 'Rondônia', 'EXTRAVIADO', '2025-10-12T14:30:00Z'),
  message(1333, 'Natal', 'Paraíba', 'ENTREGUE', '2025-10-13T17:40:00Z'),
];

function message(
  id_pacote: number,
  origem: string,
  destino: string,
  status_rastreamento: string,
  data_atualizacao: string,
): Message {
  const body: SimulatedEvent = { id_pacote, origem, destino, status_rastreamento, data_atualizacao };
  return {
    kind: 'event',
    dueMs: Date.parse(data_atualizacao),
    key: String(id_pacote),
    body,
    rejection: null,
  };
}
