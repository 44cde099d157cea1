export * from './differences';
export * from './verify';
