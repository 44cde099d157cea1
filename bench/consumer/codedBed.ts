import { eventMessage, TOPIC_EVENTS, type PlainEvent, type TrackingEvent } from '@rastreio/contract';
import { createKafka } from '@rastreio/kafka';
import { createLog } from '@rastreio/runtime';
import { benchKafka } from '../support';
import { BROKER_SETTINGS, type Bed } from './bed';
import { readTopic } from './readBack';

const CARRIER = 'CORREIOS';

/** A tracking number for a parcel, of the length and the kind of Correios'. */
function codeOf(id: number): string {
  return `AA${String(id).padStart(9, '0')}BR`;
}

/** The same event as a carrier tells it: its parcel by tracking number, the scan's place, the carrier's code and words. */
function inCarriersWords({ id_pacote, ...event }: PlainEvent): TrackingEvent {
  return {
    ...event,
    transportadora: CARRIER,
    codigo: codeOf(id_pacote),
    local: `CDD ${event.destino}`,
    codigo_evento: 'BDE',
    descricao: `Objeto: ${event.status_rastreamento.toLowerCase()}`,
  };
}

/** The bed's events in a carrier's words, in a broker of their own, for the same database server. */
export async function makeCodedBed(bed: Bed): Promise<Bed> {
  const broker = await benchKafka(BROKER_SETTINGS);
  const kafka = createKafka({
    brokers: broker.brokers,
    clientId: 'bench',
    log: createLog('bench', 'silent'),
  });
  try {
    const producer = kafka.producer();
    await producer.connect();
    await readTopic(bed.kafka, bed.events.count, 'bench-coded', async (messages) => {
      await producer.send({
        topic: TOPIC_EVENTS,
        messages: messages.map(({ event, timestamp }) => ({
          ...eventMessage(inCarriersWords(event)),
          timestamp,
        })),
      });
    });
    await producer.disconnect();
    return {
      ...bed,
      ...{ kafka, brokers: broker.brokers, brokerPid: broker.pid },
      events: {
        ...bed.events,
        newest: bed.events.newest.map((key) => ({ ...key, codigo: codeOf(key.id_pacote) })),
      },
      stop: () => broker.stop(),
    };
  } catch (error) {
    await broker.stop();
    throw error;
  }
}
