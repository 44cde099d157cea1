import { isUtf8 } from 'node:buffer';
import {
  createDecoder,
  createValidator,
  findEnvelope,
  parseJson,
  PLAIN_FIELDS,
  VALID_VALUES,
  type Decoder,
  type EventRules,
  type Rejection,
  type EventField,
  type Validated,
} from '@rastreio/contract';
import { createCellDecoder, readFormat, readRow, type Encoding } from '@rastreio/csv';
import type { DeadLetter } from './letters';

export type Field = EventField;
export const FIELDS = Object.keys(VALID_VALUES) as Field[];
/** What an event needs that its carrier and tracking number name. */
const CODED_FIELDS = ['transportadora', 'codigo', 'status_rastreamento', 'data_atualizacao'] as const;

export interface RepairOptions {
  readonly rules: EventRules;
  /** Values that replace those of the letter, as texts. */
  readonly set?: Readonly<Partial<Record<Field, string>>> | undefined;
  /** How to read bytes that are not UTF-8; left out, such letters stay rejected. */
  readonly encoding?: Encoding | undefined;
}

type Bytes = Pick<DeadLetter, 'topico' | 'valor' | 'cabecalhos'>;

/**
 * Reads a dead letter again, with corrections, by the contract. The event of the answer is clean: keys that are no field of an
 * event are gone, so a message that was only too large comes through. Never throws.
 */
export type Repair = (letter: Bytes) => Validated;

/** A {@link Repair} for the given corrections. */
export function createRepair({ rules, set = {}, encoding }: RepairOptions): Repair {
  const validate = createValidator(rules);
  const decode = createDecoder(rules);
  const isComplete = [PLAIN_FIELDS, CODED_FIELDS].some((fields) =>
    fields.every((field) => set[field] !== undefined),
  );
  return (letter) => {
    const read = isCsv(letter) ? readCsv(letter, encoding) : readJson(letter, encoding, decode);
    // Of a message that says nothing an event can still be made, if every field is given.
    if (!read.ok) return isComplete ? validate(set) : read;
    return validate(isRecord(read.fields) ? { ...read.fields, ...set } : read.fields);
  };
}

type Read =
  | { readonly ok: true; readonly fields: unknown }
  | { readonly ok: false; readonly rejections: readonly [Rejection, ...Rejection[]] };

function readJson({ valor }: Bytes, encoding: Encoding | undefined, decode: Decoder): Read {
  const inside = valor === null ? undefined : findEnvelope(valor)?.content;
  if (inside !== undefined) return { ok: true, fields: inside };
  const text = valor === null ? null : readText(valor, encoding);
  if (text !== null) {
    try {
      return { ok: true, fields: parseJson(text) };
    } catch {
      // What is wrong with it, the contract's decoder says below.
    }
  }
  const judged = decode(valor);
  return judged.ok ? { ok: true, fields: judged.event } : judged;
}

function readText(bytes: Buffer, encoding: Encoding | undefined): string | null {
  if (isUtf8(bytes)) return bytes.toString('utf8');
  if (encoding !== 'latin1') return null;
  return createCellDecoder('latin1')(bytes, [bytes.toString('latin1')])?.[0] ?? null;
}

function readCsv({ valor, cabecalhos }: Bytes, encoding: Encoding | undefined): Read {
  const format = readFormat(cabecalhos);
  if (valor === null || format === null)
    return rejected({
      reason: 'not_an_object',
      field: null,
      detail:
        'a line of a CSV file, imported before lines were kept with the names of their columns; correct it in the reject file and import that',
    });
  const read = readRow(valor, isUtf8(valor) ? format : { ...format, encoding: encoding ?? format.encoding });
  return read.ok ? read : rejected(read.rejection);
}

function rejected(rejection: Rejection): Read {
  return { ok: false, rejections: [rejection] };
}

function isCsv({ topico }: Bytes): boolean {
  return topico.startsWith('csv:');
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
