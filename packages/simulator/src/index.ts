export * from './cities';
export * from './encode';
export * from './faults';
export * from './incidents';
export * from './truth';
export * from './truthFile';
export * from './units';
export * from './world';
