export { startChild, type Child } from './child';
export { CHROMIUM_ARGS, ensureChromium } from './chromium';
export { startDatabase, type ProviderName, type RunningDatabase } from './database';
export { startKafka, type RunningKafka } from './kafka/start';
export { type Ports, type StackOptions } from './options';
export { freePorts } from './ports';
export { serviceChild } from './services';
export { createProgress, type Progress } from './progress';
export { startStack, type Stack } from './stack';
