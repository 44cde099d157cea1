export * from './copyText';
export * from './migrate';
export * from './packageState';
export * from './pool';
export * from './provision';
export * from './sqlstate';
export * from './status';
export * from './writeBatch';
