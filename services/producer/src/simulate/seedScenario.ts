import type { SimulatedEvent } from './world';

/** The three events that the seed's producer.py sends, in its order. */
export const SEED_EVENTS: readonly SimulatedEvent[] = [
  seedEvent(1333, 'Natal', 'Paraíba', 'AGUARDANDO RETIRADA', '2025-10-12T08:15:00Z'),
  seedEvent(1411, 'Acre', 'Rondônia', 'EXTRAVIADO', '2025-10-12T14:30:00Z'),
  seedEvent(1333, 'Natal', 'Paraíba', 'ENTREGUE', '2025-10-13T17:40:00Z'),
];

function seedEvent(
  id_pacote: number,
  origem: string,
  destino: string,
  status_rastreamento: string,
  data_atualizacao: string,
): SimulatedEvent {
  return { id_pacote, origem, destino, status_rastreamento, data_atualizacao };
}
