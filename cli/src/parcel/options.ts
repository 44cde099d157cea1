import { cleanText, CONSUMER_GROUP, createValidator, foldText } from '@rastreio/contract';
import { ROLES } from '@rastreio/database';
import { parseDuration } from '@rastreio/runtime';
import { InvalidArgumentError, Option, type Command } from 'commander';
import { addBrokers, addDatabase, type PlaceOptions } from '../common/options';
import { CLOSING_CODE } from './closing';

export interface ParcelOptions extends PlaceOptions {
  readonly carrier?: string;
  readonly group: string;
  readonly dryRun: boolean;
}

/** Adds what both commands take. */
export function addParcelOptions(command: Command): Command {
  return addBrokers(addDatabase(command, ROLES.writer))
    .option('--carrier <name>', 'only parcels of this carrier; case and accents do not count', parseCarrier)
    .addOption(
      new Option('--group <name>', 'of the consumers').env('CONSUMER_GROUP_ID').default(CONSUMER_GROUP),
    )
    .option('--dry-run', 'only tell how many there are, and the first of them', false);
}

/** Reads an age such as `90d` as the instant that is so long ago. @throws InvalidArgumentError */
export function parseAge(text: string): string {
  const ago = parseDuration(text);
  const ms = Date.now() - ago;
  if (ago > 0 && Math.abs(ms) < 8.64e15) return new Date(ms).toISOString();
  throw new InvalidArgumentError(`"${text}" is no age of parcels; use 90d or 12w.`);
}

/** A reason as the contract takes it for `descricao`, and as it is stored. @throws InvalidArgumentError */
export function parseReason(text: string): string {
  const checked = createValidator()({
    ...{ id_pacote: 1, origem: '-', destino: '-', status_rastreamento: '-' },
    ...{ data_atualizacao: '2026-01-01T00:00:00Z', codigo_evento: CLOSING_CODE, descricao: text },
  });
  const reason = cleanText(text);
  if (checked.ok && reason !== '') return reason;
  throw new InvalidArgumentError(
    checked.ok ? 'Say why, for whoever sees it on the parcel’s page.' : checked.rejections[0].detail,
  );
}

function parseCarrier(text: string): string {
  const carrier = foldText(text);
  if (carrier === '') throw new InvalidArgumentError('Use a carrier’s name, as its events say it.');
  return carrier;
}
