// Bundles our programs for the container images: no node_modules at run time.
import { bundle } from './bundling.mjs';

await bundle('cli/src/main.ts', 'cli/dist/rastreio.js');
await bundle('services/consumer/src/main.ts', 'services/consumer/dist/main.js');
