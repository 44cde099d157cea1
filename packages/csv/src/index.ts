export * from './encoding';
export * from './eventFile';
export * from './importFile';
export * from './loadFile';
export * from './provisionBatch';
export * from './rejectFile';
export * from './rowFormat';
export * from './target';
