import { open } from 'node:fs/promises';
import { createDecoder, DEFAULT_RULES, isWhole, type Rejection } from '@rastreio/contract';
import { loadFile } from '@rastreio/csv';
import { EXIT, OperatorError } from '@rastreio/runtime';
import { EventSample, fittedCarrier, type Carrier } from '@rastreio/simulator';

const ROWS_AT_ONCE = 5_000;
/** Carriers are learnt by lane, and parcels told apart by number. */
const NOT_WHOLE: Rejection = {
  reason: 'missing_field',
  field: 'id_pacote',
  detail: 'the event lacks id_pacote, origem or destino, of which a carrier is learnt',
};

export interface FitOptions {
  /** Events as `rastreio import` takes them, or one JSON object a line where the name ends in .ndjson. */
  readonly file: string;
  /** IANA zone for timestamps without offset; left out, such events are passed over. */
  readonly naiveTimezone?: string | undefined;
  /** Told of events that are not valid: how many, and the first. */
  readonly onRejected: (count: number, first: string) => void;
}

/** Learns a carrier from an event file, in bounded memory. @throws OperatorError when the file cannot be read or teaches nothing */
export async function fitFile(options: FitOptions): Promise<Carrier> {
  const { file, naiveTimezone, onRejected } = options;
  const sample = new EventSample();
  let rejected = 0;
  let first = '';
  const reject = (line: number, { field, detail }: Rejection) => {
    if (rejected++ === 0) first = `${file}:${line}: ${field === null ? '' : `${field}: `}${detail}`;
  };
  if (/\.(ndjson|jsonl)$/i.test(file)) await readNdjson(file, naiveTimezone, sample, reject);
  else
    await loadFile(
      { file, naiveTimezone, onRejected: reject },
      {
        rowsPerWrite: ROWS_AT_ONCE,
        refuse: () => null,
        knows: () => true,
        statusesOf: 'program',
        write: (_source, events) => {
          for (const event of events) if (isWhole(event)) sample.add(event);
          return Promise.resolve();
        },
      },
    );
  if (rejected > 0) onRejected(rejected, first);
  try {
    return fittedCarrier(sample);
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    const hint = first === '' ? '' : `; ${rejected} lines are wrong, the first is ${first}`;
    throw new OperatorError(`--fit ${file}: ${error.message}${hint}`, EXIT.wrong, { cause: error });
  }
}

async function readNdjson(
  file: string,
  naiveTimezone: string | undefined,
  sample: EventSample,
  reject: (line: number, rejection: Rejection) => void,
): Promise<void> {
  const decode = createDecoder({ ...DEFAULT_RULES, naiveTimezone });
  try {
    const handle = await open(file);
    let line = 0;
    for await (const text of handle.readLines()) {
      line++;
      if (text.trim() === '') continue;
      const result = decode(Buffer.from(text));
      if (!result.ok) reject(line, result.rejections[0]);
      else if (isWhole(result.event)) sample.add(result.event);
      else reject(line, NOT_WHOLE);
    }
  } catch (error) {
    throw new OperatorError(
      `--fit ${file}: ${(error as Error).message}; check the path and the permissions`,
      EXIT.wrong,
      { cause: error },
    );
  }
}
