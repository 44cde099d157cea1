import { createReadStream, createWriteStream } from 'node:fs';
import { rename } from 'node:fs/promises';
import { createInterface } from 'node:readline';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { REJECTION_REASONS, type RejectionReason } from '@rastreio/contract';
import { z } from 'zod';
import { MESSAGE_KINDS } from './message';
import type { GroundTruth } from './truth';

const count = z.int().min(0);
const seconds = z.number().nullable();

const header = z.object({
  record: z.literal('header'),
  format: z.literal('rastreio-ground-truth/1'),
  seed: z.int(),
  /** Messages sent to Kafka (or to the file), by kind. */
  messages: z.partialRecord(z.enum(MESSAGE_KINDS), count),
  /** Of these, messages that never reached Kafka, because the HTTP source refused them. */
  refused_at_source: count,
});

const parcelRecord = z.object({
  record: z.literal('parcel'),
  /** The sender's number, or the two after it, or all three. */
  id_pacote: z.int().optional(),
  transportadora: z.string().optional(),
  codigo: z.string().optional(),
  origem: z.string(),
  destino: z.string(),
  status_atual: z.string(),
  data_inicio: z.string(),
  data_status: z.string(),
  data_entrega: z.string().nullable(),
  prazo_inicial: z.string().optional(),
  prazo_final: z.string().optional(),
  eventos: count,
  soma: count,
});

const rejected = z.object({
  record: z.literal('rejected'),
  motivo: z.enum(Object.keys(REJECTION_REASONS) as [RejectionReason, ...RejectionReason[]]),
  campo: z.string().nullable(),
  valor: z.string(),
});

const kpis = z.object({
  record: z.literal('kpis'),
  total_pacotes: count,
  status: z.record(z.string(), count),
  entregues: count,
  tempo_medio_segundos: seconds,
  p50_segundos: seconds,
  p90_segundos: seconds,
  p95_segundos: seconds,
  rotas: z.array(
    z.object({
      origem: z.string(),
      destino: z.string(),
      pacotes: count,
      entregues: count,
      tempo_medio_segundos: seconds,
    }),
  ),
});

const record = z.discriminatedUnion('record', [header, parcelRecord, rejected, kpis]);

/** A line of a ground-truth file: header first, then parcels by rising number (those without one by carrier and tracking number), rejected messages, figures last. */
export type TruthRecord = z.infer<typeof record>;
export type TruthHeader = z.infer<typeof header>;

/** Writes the file in one step, once nothing more is sent: a reader never sees half of it. */
export async function writeTruth(
  file: string,
  truth: GroundTruth,
  { seed, refusedAtSource = 0 }: { readonly seed: number; readonly refusedAtSource?: number },
): Promise<void> {
  truth.settle();
  await pipeline(Readable.from(lines(truth, seed, refusedAtSource)), createWriteStream(`${file}.new`));
  await rename(`${file}.new`, file);
}

function* lines(truth: GroundTruth, seed: number, refusedAtSource: number): Generator<string> {
  const line = (value: TruthRecord) => `${JSON.stringify(value)}\n`;
  yield line({
    record: 'header',
    format: 'rastreio-ground-truth/1',
    seed,
    messages: truth.tally,
    refused_at_source: refusedAtSource,
  });
  for (const p of truth.parcels()) yield line({ record: 'parcel', ...p });
  if (refusedAtSource === 0) for (const r of truth.rejected()) yield line({ record: 'rejected', ...r });
  const { rotas, ...figures } = truth.kpis();
  yield line({ record: 'kpis', ...figures, rotas: [...rotas] });
}

/**
 * Reads a ground-truth file line by line, in constant memory.
 *
 * @throws Error that names the file and the line when it is not one of ours or was cut off
 */
export async function* readTruth(file: string): AsyncGenerator<TruthRecord> {
  const input = createReadStream(file);
  const failed = new Promise<never>((_resolve, reject) => input.once('error', reject));
  failed.catch(() => undefined);
  let number = 0;
  let last: string | undefined;
  for await (const text of createInterface({ input, crlfDelay: Infinity })) {
    number++;
    const value = parse(text);
    if (value === undefined || (number === 1) !== (value.record === 'header'))
      throw new Error(
        `${file}, line ${number}: no record of a ground-truth file; give a file that simulate --ground-truth wrote`,
      );
    last = value.record;
    yield value;
  }
  if (input.errored !== null) await failed;
  if (last !== 'kpis') throw new Error(`${file} ends before its figures; run simulate --ground-truth again`);
}

function parse(text: string): TruthRecord | undefined {
  try {
    return record.parse(JSON.parse(text));
  } catch {
    // The caller names file and line, which is what helps.
    return undefined;
  }
}
