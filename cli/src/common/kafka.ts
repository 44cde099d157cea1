import { reachBroker, type KafkaConnection } from '@rastreio/kafka';
import type { PlaceOptions } from './options';
import { commandLog, say } from './output';
import { findKafka } from './where';

/** The Kafka of a command that cannot do without it, once it answers. @throws OperatorError when it does not */
export async function findAnsweringKafka(
  options: PlaceOptions,
  signal?: AbortSignal,
): Promise<KafkaConnection> {
  const kafka = await findKafka(options);
  await reachBroker({
    ...kafka,
    log: commandLog('kafka'),
    tell: say,
    ...(signal === undefined ? {} : { signal }),
  });
  return kafka;
}
