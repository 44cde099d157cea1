// kafkajs without anything of ours: what a producer process reaches when the events are there already. Prints events per second.
// One send after the other: an idempotent kafkajs producer gets slower with each further one (16 at a time: a tenth).
import { TOPIC_EVENTS } from '@rastreio/contract';
import { Kafka, logLevel, Partitioners } from 'kafkajs';
import { sampleEvents } from './sample';

const [, , brokers = '', batch = '100', seconds = '8'] = process.argv;
process.env.KAFKAJS_NO_PARTITIONER_WARNING = '1';

async function main(): Promise<void> {
  const kafka = new Kafka({ brokers: [brokers], clientId: 'bench', logLevel: logLevel.ERROR });
  const producer = kafka.producer({
    idempotent: true,
    maxInFlightRequests: 1,
    createPartitioner: Partitioners.DefaultPartitioner,
  });
  await producer.connect();
  const batches = sampleEvents(50, Number(batch));
  const send = async (i: number) => {
    const events = batches[i % batches.length] ?? [];
    const messages = events.map((event) => ({ key: String(event.id_pacote), value: JSON.stringify(event) }));
    await producer.send({ topic: TOPIC_EVENTS, acks: -1, messages });
    return messages.length;
  };
  for (let i = 0; i < 20; i++) await send(i);
  const startedAt = Date.now();
  const endAt = startedAt + Number(seconds) * 1000;
  let events = 0;
  for (let i = 0; Date.now() < endAt; i++) events += await send(i);
  process.stdout.write(`${JSON.stringify({ events_per_s: (events * 1000) / (Date.now() - startedAt) })}\n`);
  await producer.disconnect();
}

void main();
