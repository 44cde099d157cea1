export * from './atomicFile';
export * from './backoff';
export * from './config';
export * from './exitCodes';
export * from './log';
export * from './opsServer';
export * from './run';
export * from './yamlFile';
