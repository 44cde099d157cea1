export { endAbandonedTransactions } from './abandoned';
export { type ReceivedEvent, type RejectedMessage, type Batch, type BatchCounts, addCounts } from './batch';
export { type ComparedTable } from './compareTables';
export {
  DERIVED_TABLES,
  VERIFIED_TABLES,
  missingFrom,
  WRONG_PACKAGES,
  findTableDifferences,
} from './derivedTables';
export { describeStatus } from './describeStatus';
export { WRITER_GENERATION } from './generation';
export { migrate, assertSchema } from './migrate';
export { reducePackages } from './packageState';
export { CONNECTION_DEFAULTS, createWriterPool, withPoolClient, surviveDisconnects } from './pool';
export { ROLES, provision, ensureDatabase, inDatabase, asRole, withClient } from './provision';
export { rebuildTables } from './rebuildTables';
export { retainEvents } from './retainEvents';
export { classifyDatabaseError, sqlstate } from './sqlstate';
export { readStatus } from './status';
export { assertOwner, verifyTables } from './verifyTables';
export { writeBatch } from './writeBatch';
export { prepareConnection } from './writeEvents';
