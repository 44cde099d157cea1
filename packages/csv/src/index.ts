export { ENCODINGS, type Encoding, createCellDecoder } from './encoding';
export { importFile } from './importFile';
export { type LoadOptions, type Progress, loadFile } from './loadFile';
export { defaultRejectFile } from './rejectFile';
export { type LanePromise, readPromises } from './promisesFile';
export { readFormat, readRow } from './rowFormat';
