const VARIABLE = 'TEST_SEED';

/** The seed of this run's property tests; drawn and printed before the first test unless the variable gives one. */
export function testSeed(): number {
  return Number(process.env[VARIABLE]);
}

/** Draws a seed where none is given, and says how to repeat the run. */
export function chooseSeed(print: (text: string) => void): void {
  process.env[VARIABLE] ??= String(Math.floor(Math.random() * 2 ** 31));
  print(
    `property tests start from seed ${process.env[VARIABLE]}; repeat with ${VARIABLE}=${process.env[VARIABLE]}`,
  );
}
