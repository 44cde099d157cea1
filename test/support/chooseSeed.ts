import { chooseSeed } from './testSeed';

/** Before any test of a run, whichever projects it is of. */
export default function setup(): void {
  chooseSeed((text) => void process.stderr.write(`${text}\n`));
}
