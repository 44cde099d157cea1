import { TOPIC_DEAD_LETTERS } from '@rastreio/contract';
import { ConfigResourceTypes, type Admin } from 'kafkajs';
import type { Fault } from './fault';

const REPLICAS = 'min.insync.replicas';

/** The dead-letter topic takes nothing: it asks for more replicas than there are. */
export const deadLettersRefused: Fault = async ({ progress, pause }, { holdMs }) => {
  await progress.withAdmin((admin) => setReplicas(admin, '2'));
  try {
    await pause(holdMs);
  } finally {
    await progress.withAdmin((admin) => setReplicas(admin, '1'));
  }
  return progress.mark();
};

/** The request replaces all settings of a topic, so those that were set go with it. */
async function setReplicas(admin: Admin, replicas: string): Promise<void> {
  const resource = { type: ConfigResourceTypes.TOPIC, name: TOPIC_DEAD_LETTERS };
  const { resources } = await admin.describeConfigs({ includeSynonyms: false, resources: [resource] });
  const set = (resources[0]?.configEntries ?? []).filter(
    ({ isDefault, configName }) => !isDefault && configName !== REPLICAS,
  );
  const configEntries = set.map(({ configName: name, configValue: value }) => ({ name, value }));
  configEntries.push({ name: REPLICAS, value: replicas });
  await admin.alterConfigs({ validateOnly: false, resources: [{ ...resource, configEntries }] });
}
