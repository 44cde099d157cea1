export { endAbandonedTransactions } from './connect/abandoned';
export {
  type NumberedReceived,
  type PlainReceived,
  type ReceivedEvent,
  type RejectedMessage,
  type Batch,
  type ReadPosition,
  type BatchCounts,
  type WrittenBatch,
  addCounts,
} from './write/batch';
export { receivedEvent } from './write/receivedEvent';
export { type ComparedTable } from './maintain/compareTables';
export {
  DERIVED_TABLES,
  VERIFIED_TABLES,
  MISPLACED_EVENTS,
  missingFrom,
  WRONG_PARCELS,
  WRONG_PLACES,
  findTableDifferences,
} from './maintain/derivedTables';
export { WRITER_GENERATION } from './schema/generation';
export { migrate } from './schema/migrate';
export { describeStatus } from './schema/describeStatus';
export { readStatus } from './schema/status';
export { assertSchema } from './schema/state';
export { reduceParcels } from './write/parcelState';
export { sessionOptions } from './connect/session';
export { databaseNotAdmitted } from './connect/failure';
export { CONNECTION_DEFAULTS, connect, connectTo, withPoolClient, surviveDisconnects } from './connect/pool';
export { SSL_MODES, tlsOptions, tlsSettings } from './connect/tls';
export { createWriterPool } from './write/writerPool';
export { closeDatabase } from './connect/doors';
export { provision, ensureDatabase, inDatabase, asRole, withClient } from './connect/provision';
export { ROLES } from './connect/roles';
export {
  countSpellings,
  listPlaces,
  mergePlaces,
  setRegion,
  undoPlace,
  type Place,
  type PlaceChange,
} from './maintain/places';
export { rebuildTables } from './maintain/rebuildTables';
export { retainEvents } from './maintain/retainEvents';
export { type ChangedPromise, setPromises, hasOnlyDefaultPromise } from './maintain/setPromises';
export { assertOwner, verifyTables } from './maintain/verifyTables';
export {
  classifyDatabaseError,
  LetterRefusedError,
  remedyOf,
  sqlstate,
  WentBackError,
} from './connect/sqlstate';
export { readHorizon, tooOld } from './write/horizon';
export { readPositions } from './write/readPositions';
export { addStatus, mapWord, unmapWord, type WrittenWord } from './words/editWords';
export { readWords } from './words/loadWords';
export { readAliases, readStatuses, unknownWords } from './words/unknownWords';
export { type Words } from './words/words';
export { writeBatch } from './write/writeBatch';
export { prepareConnection, writeEvents } from './write/writeEvents';
