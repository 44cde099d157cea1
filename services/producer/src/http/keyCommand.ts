import { InvalidArgumentError, type Command } from 'commander';
import { makeKey } from './keys';

/** Adds `key` to the program. */
export function addKey(program: Command): void {
  program
    .command('key <carrier>')
    .description('make an API key for a carrier: the key to send to it, and the entry for API_KEYS_FILE')
    .addHelpText('after', '\nThe key is shown once; only its hash is kept. Exit codes: 0 done, 2 usage.')
    .action((carrier: string) => {
      if (!/^[a-z0-9][a-z0-9-]{0,39}$/.test(carrier))
        throw new InvalidArgumentError(`"${carrier}" is no name of a carrier; use 1 to 40 of a-z, 0-9 and -`);
      const { key, sha256 } = makeKey();
      process.stderr.write(
        `Send this key to ${carrier}; it is shown only now:\n  ${key}\nAdd to API_KEYS_FILE, under "keys:":\n`,
      );
      process.stdout.write(`  - carrier: ${carrier}\n    sha256: ${sha256}\n    events_per_minute: 600000\n`);
    });
}
