import { causes } from '@rastreio/kafka';
import { OperatorError } from '@rastreio/runtime';
import { KafkaJSError } from 'kafkajs';

/** Whether kafkajs itself says that asking again may help, as while a group has no coordinator yet. */
export function isPassing(error: unknown): boolean {
  return causes(error).some((e) => e instanceof KafkaJSError && e.retriable);
}

/** Whether a person must act: starting again would meet the same error for ever. */
export function needsPerson(error: unknown): boolean {
  // The second: a batch packed with a codec that is not built in.
  return causes(error).some((e) => e instanceof OperatorError || e.name === 'KafkaJSNotImplemented');
}
