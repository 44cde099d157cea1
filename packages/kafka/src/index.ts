export * from './batching';
export * from './client';
export * from './probe';
export * from './publisher';
export * from './topics';
