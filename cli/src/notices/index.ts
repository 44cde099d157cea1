import {
  createLog,
  loadConfig,
  LOG_LEVELS,
  OperatorError,
  runService,
  wholeNumber,
  type Running,
} from '@rastreio/runtime';
import { Option, type Command } from 'commander';
import { z } from 'zod';
import { exitCodes } from '../common/options';
import { parseZone } from '../common/parse';
import { createNoticesServer } from './server';
import { openStore } from './store';

interface Options {
  readonly host: string;
  readonly port: number;
  readonly file?: string;
  readonly timeZone: string;
}

const configSchema = z.object({
  /** Not an option: command lines can be read by others. */
  NOTICES_TOKEN: z.string().min(1).optional(),
  LOG_LEVEL: z.enum(LOG_LEVELS).default('info'),
});

/** Receives alerts and shows them until it is stopped. */
export function addNotices(command: Command): void {
  command
    .addOption(new Option('--host <address>', 'what to listen on').env('NOTICES_HOST').default('127.0.0.1'))
    .addOption(
      new Option('--port <port>', 'where to listen')
        .env('NOTICES_PORT')
        .default(8090)
        .argParser(wholeNumber(0, 65_535)),
    )
    .addOption(
      new Option('--file <file>', 'keeps them for the next start, one JSON object a line').env(
        'NOTICES_FILE',
      ),
    )
    .addOption(
      new Option('--time-zone <name>', 'of the times on the page, an IANA name')
        .env('RASTREIO_TIME_ZONE')
        .default('America/Sao_Paulo')
        .argParser(parseZone),
    )
    .addHelpText(
      'after',
      `\nWith NOTICES_TOKEN in the environment, whoever sends one needs it as a bearer token.${exitCodes('stopped', 'failed', 'a wrong setting or file')}`,
    )
    .action((options: Options) => runService('notices', () => start(options)));
}

async function start({ host, port, file, timeZone }: Options): Promise<Running> {
  const { NOTICES_TOKEN: token, LOG_LEVEL } = loadConfig(configSchema, process.env);
  const log = createLog('notices', LOG_LEVEL);
  const app = createNoticesServer({
    store: await openStore(file || undefined, log),
    host,
    token,
    timeZone,
    log,
  });
  const url = await app.listen({ host, port }).catch((error: unknown) => {
    throw new OperatorError(`--port ${port}: ${(error as Error).message}; choose another one`, 1, {
      cause: error,
    });
  });
  log.info({ url, file: file ?? 'none, kept in memory only' }, 'listening');
  return { stop: () => app.close() };
}
