/** Exit codes of every command and service. 75 and 78 are EX_TEMPFAIL and EX_CONFIG of sysexits.h. */
export const EXIT = {
  done: 0,
  /** Ran, and found or met something wrong. */
  wrong: 1,
  usage: 2,
  /** It stood still although there was work, and nothing that it can do from inside has helped: start it again. */
  stalled: 75,
  /** A missing or wrong setting, a missing tool, a schema or permission that must be fixed by a person. */
  config: 78,
} as const;

/** An error whose message is written for the operator: shown without a stack, with this exit code. */
export class OperatorError extends Error {
  override readonly name = 'OperatorError';
  readonly exitCode: number;

  constructor(message: string, exitCode: number = EXIT.wrong, options?: ErrorOptions) {
    super(message, options);
    this.exitCode = exitCode;
  }
}
