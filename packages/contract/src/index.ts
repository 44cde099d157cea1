export * from './decode';
export * from './event';
export * from './jsonSchema';
export * from './rejection';
export * from './statusCatalogue';
export * from './text';
export * from './timestamp';
export * from './topics';
