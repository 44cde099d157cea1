export * from './importFile';
export * from './provisionBatch';
export * from './readEvents';
export * from './target';
