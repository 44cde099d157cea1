import { startHttp, startPull } from '@rastreio/producer';
import { runService, type Running } from '@rastreio/runtime';
import type { Command } from 'commander';
import { addBrokers, exitCodes, type PlaceOptions } from './common/options';
import { findKafkaSettings } from './common/where';

type Start = (env: Readonly<Record<string, string | undefined>>) => Promise<Running>;

/** Runs the HTTP source until it is stopped. */
export function addHttp(command: Command): void {
  addSource(command, 'http', startHttp, 'a wrong setting');
}

/** Runs the pull source until it is stopped. */
export function addPull(command: Command): void {
  addSource(command, 'pull', startPull, 'a wrong setting or state file');
}

function addSource(command: Command, name: string, start: Start, config: string): void {
  addBrokers(command)
    .addHelpText(
      'after',
      `\nSettings are environment variables: services/producer/src/${name}/config.ts, docs/ingestion.md.${exitCodes('stopped', 'failed', config)}`,
    )
    .action((options: PlaceOptions) => runService(name, async () => start(await findKafkaSettings(options))));
}
