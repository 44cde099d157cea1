import {
  AclOperationTypes,
  AclPermissionTypes,
  AclResourceTypes,
  type AclEntry,
  type Admin,
  Kafka,
  logLevel,
  ResourcePatternTypes,
} from 'kafkajs';

/** What may be done with what, as `TOPIC name READ`. */
export type Right = readonly [
  resource: 'TOPIC' | 'GROUP' | 'CLUSTER',
  name: string,
  operation: keyof typeof AclOperationTypes,
];

/** The name by which rules know the cluster. */
export const CLUSTER = 'kafka-cluster';

/** Gives a user rights. Of what has a rule others may no longer do anything. @param brokers a listener without names, whose users make rules */
export async function allow(brokers: string, user: string, rights: readonly Right[]): Promise<void> {
  await withAdmin(brokers, (admin) =>
    admin.createAcls({ acl: rights.map((right) => rule(user, right, AclPermissionTypes.ALLOW)) }),
  );
}

/** Denies a user a right while something is done: a rule that says no wins. */
export async function without<T>(
  brokers: string,
  user: string,
  right: Right,
  doing: () => Promise<T>,
): Promise<T> {
  const denied = rule(user, right, AclPermissionTypes.DENY);
  await withAdmin(brokers, (admin) => admin.createAcls({ acl: [denied] }));
  try {
    return await doing();
  } finally {
    await withAdmin(brokers, (admin) => admin.deleteAcls({ filters: [denied] }));
  }
}

function rule(
  user: string,
  [resource, name, operation]: Right,
  permissionType: AclPermissionTypes,
): AclEntry {
  return {
    resourceType: AclResourceTypes[resource],
    resourceName: name,
    resourcePatternType: ResourcePatternTypes.LITERAL,
    principal: `User:${user}`,
    host: '*',
    operation: AclOperationTypes[operation],
    permissionType,
  };
}

async function withAdmin(brokers: string, doing: (admin: Admin) => Promise<unknown>): Promise<void> {
  const admin = new Kafka({ brokers: [brokers], logLevel: logLevel.ERROR }).admin();
  await admin.connect();
  try {
    await doing(admin);
  } finally {
    await admin.disconnect();
  }
}
