import { reachBroker } from '@rastreio/kafka';
import type { PlaceOptions } from './options';
import { commandLog, say } from './output';
import { findBrokers } from './where';

/** The brokers of a command that cannot do without them, once they answer. @throws OperatorError when they do not */
export async function findAnsweringBrokers(options: PlaceOptions, signal?: AbortSignal): Promise<string> {
  const brokers = await findBrokers(options);
  await reachBroker({
    brokers,
    log: commandLog('kafka'),
    tell: say,
    ...(signal === undefined ? {} : { signal }),
  });
  return brokers;
}
