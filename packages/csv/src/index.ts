export { ENCODINGS, type Encoding, createCellDecoder } from '@rastreio/rows';
export { importFile, takenBack } from './importFile';
export { type LoadOptions, type Progress, loadFile } from './loadFile';
export type { LoadReport, UnknownStatus } from './report';
export { defaultRejectFile } from './rejectFile';
export { type LanePromise, readPromises } from './promisesFile';
export { readFormat, readRow } from './rowFormat';
