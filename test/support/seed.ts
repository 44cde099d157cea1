import fc from 'fast-check';
import { testSeed } from './testSeed';

// Every property test of a run starts from one seed, which chooseSeed prints.
fc.configureGlobal({ seed: testSeed() });
