import { TOPIC_DEAD_LETTERS } from '@rastreio/contract';
import { ConfigResourceTypes, type Admin } from 'kafkajs';
import type { Fault } from './fault';

const LARGEST = 'max.message.bytes';

/**
 * The dead-letter topic takes nothing: every message is too large for it. (Asking for more in-sync replicas than there are is no
 * way: a broker asks for no more than a topic has.)
 */
export const deadLettersRefused: Fault = async ({ progress, pause }, { holdMs }) => {
  await progress.withAdmin((admin) => setLargest(admin, '1'));
  try {
    await pause(holdMs);
  } finally {
    await progress.withAdmin((admin) => setLargest(admin, undefined));
  }
  return progress.mark();
};

/** The request replaces all settings of a topic, so those that were set go with it. */
async function setLargest(admin: Admin, bytes: string | undefined): Promise<void> {
  const resource = { type: ConfigResourceTypes.TOPIC, name: TOPIC_DEAD_LETTERS };
  const { resources } = await admin.describeConfigs({ includeSynonyms: false, resources: [resource] });
  const set = (resources[0]?.configEntries ?? []).filter(
    ({ isDefault, configName }) => !isDefault && configName !== LARGEST,
  );
  const configEntries = set.map(({ configName: name, configValue: value }) => ({ name, value }));
  if (bytes !== undefined) configEntries.push({ name: LARGEST, value: bytes });
  await admin.alterConfigs({ validateOnly: false, resources: [{ ...resource, configEntries }] });
}
