import { makeKey } from '@rastreio/producer';
import { InvalidArgumentError, type Command } from 'commander';
import { printResult, say } from './common/output';

/** Makes an API key for a carrier. */
export function addKey(command: Command): void {
  command
    .argument('<carrier>', 'a name of 1 to 40 of a-z, 0-9 and -', carrierName)
    .addHelpText('after', '\nThe key is shown once; only its hash is kept. Exit codes: 0 done, 2 usage.')
    .action((carrier: string, { json = false }: { json?: boolean }) => {
      const { key, sha256 } = makeKey();
      if (json) return printResult('key', { carrier, key, sha256 });
      say(
        `Send this key to ${carrier}; it is shown only now:\n  ${key}\nAdd to API_KEYS_FILE, under "keys:":`,
      );
      // To be appended to the file as it is.
      process.stdout.write(`  - carrier: ${carrier}\n    sha256: ${sha256}\n    events_per_minute: 600000\n`);
    });
}

function carrierName(text: string): string {
  if (!/^[a-z0-9][a-z0-9-]{0,39}$/.test(text))
    throw new InvalidArgumentError(`"${text}" is no name of a carrier; use 1 to 40 of a-z, 0-9 and -`);
  return text;
}
