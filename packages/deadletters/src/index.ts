export * from './accept';
export * from './letters';
export * from './place';
export * from './repair';
export * from './replay';
export * from './selection';
