import fc from 'fast-check';
import { testSeed } from './testSeed';

/**
 * Every property test of a run starts from one seed, which chooseSeed prints. One that found a counterexample tells it before the test's
 * own time is over, however long a smaller one is looked for; one that found none in that time on a busy machine has passed what it ran.
 */
fc.configureGlobal({ seed: testSeed(), interruptAfterTimeLimit: 200_000 });
