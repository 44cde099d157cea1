import { isUtf8 } from 'node:buffer';
import { brotliCompressSync, deflateSync, gzipSync } from 'node:zlib';
import fc from 'fast-check';

/** A request body made up, with its content type; null: none. */
export interface Body {
  readonly bytes: Buffer;
  readonly type: string | null;
}

const NDJSON = 'application/x-ndjson';

const nasty = fc.constantFrom<unknown>(
  null,
  '',
  ' ',
  0,
  -1,
  1.5,
  1e300,
  9007199254740993,
  true,
  [],
  {},
  'x'.repeat(256),
  '🚚'.repeat(255),
  'a\u0000b',
  '\ud800',
  '\u00a0',
  'e\u0301',
  '__proto__',
  { toString: 1 },
);
const id = fc.oneof(
  { weight: 6, arbitrary: fc.integer({ min: 1, max: Number.MAX_SAFE_INTEGER }) },
  { weight: 2, arbitrary: fc.integer({ min: 1, max: 999 }).map((n) => ` ${n} `) },
  { weight: 1, arbitrary: nasty },
);
const text = fc.oneof(
  { weight: 6, arbitrary: fc.constantFrom('Natal', ' São  Paulo ', 'João\tPessoa', 'x') },
  { weight: 2, arbitrary: fc.string({ unit: 'binary', maxLength: 300 }) },
  { weight: 1, arbitrary: nasty },
);
const instant = fc.oneof(
  {
    weight: 6,
    arbitrary: fc.constantFrom(
      '2026-01-02T03:04:05Z',
      '2026-01-02 03:04-03:00',
      ' 2025-12-31T23:59:59,123456789+0530 ',
      '2024-02-29T00:00:00z',
    ),
  },
  {
    weight: 2,
    arbitrary: fc.constantFrom(
      '2026-02-29T00:00:00Z',
      '2026-01-02T03:04:05',
      '2999-01-01T00:00:00Z',
      '0001-01-01T00:00:00Z',
      '2026-01-02T24:00:00Z',
      '2026-01-02T03:04:05+24:00',
      '1e9',
    ),
  },
  { weight: 1, arbitrary: nasty },
);
const event = fc.record(
  {
    id_pacote: id,
    origem: text,
    destino: text,
    status_rastreamento: text,
    data_atualizacao: instant,
    extra: fc.jsonValue({ maxDepth: 2 }),
  },
  { requiredKeys: ['id_pacote', 'origem', 'destino', 'status_rastreamento'] },
);
const value = fc.oneof({ weight: 8, arbitrary: event }, { weight: 1, arbitrary: fc.jsonValue() });

const json = fc.oneof(
  { weight: 20, arbitrary: value.map((v) => JSON.stringify(v)) },
  { weight: 20, arbitrary: fc.array(value, { maxLength: 5 }).map((v) => JSON.stringify(v)) },
  {
    weight: 1,
    arbitrary: fc
      .integer({ min: 1, max: 30_000 })
      .map((n) => `{"id_pacote":${'['.repeat(n)}${']'.repeat(n)}}`),
  },
  { weight: 1, arbitrary: fc.constant(`{"x":"${'y'.repeat(70_000)}"}`) },
);
const ndjson = fc
  .array(
    fc.oneof(
      { weight: 5, arbitrary: value.map((v) => JSON.stringify(v)) },
      { weight: 1, arbitrary: fc.constantFrom('', '{', 'x', '\r') },
    ),
    { maxLength: 6 },
  )
  .chain((lines) => fc.constantFrom('\n', '\r\n').map((end) => lines.join(end)));

/** One change of one byte, so that texts are almost right. */
const broken = (texts: fc.Arbitrary<string>) =>
  fc
    .tuple(texts, fc.nat(), fc.integer({ min: 0, max: 255 }), fc.constantFrom('set', 'insert', 'cut'))
    .map(([t, at, byte, how]) => {
      const bytes = Buffer.from(t);
      const place = bytes.length === 0 ? 0 : at % bytes.length;
      if (how === 'cut') return bytes.subarray(0, place);
      const rest = bytes.subarray(how === 'set' ? place + 1 : place);
      return Buffer.concat([bytes.subarray(0, place), Buffer.from([byte]), rest]);
    });

const bytes = (texts: fc.Arbitrary<string>) =>
  fc.oneof(
    { weight: 3, arbitrary: texts.map((t) => Buffer.from(t)) },
    { weight: 1, arbitrary: broken(texts) },
  );

/** One event as JSON: right, almost right or absurd. */
export const anyEventBytes: fc.Arbitrary<Buffer> = bytes(value.map((v) => JSON.stringify(v)));

/** Bodies of every kind: right, almost right, absurd, of the wrong type. */
export const anyBody: fc.Arbitrary<Body> = fc.oneof(
  { weight: 6, arbitrary: bytes(json).map((b) => ({ bytes: b, type: 'application/json' })) },
  { weight: 3, arbitrary: bytes(ndjson).map((b) => ({ bytes: b, type: NDJSON })) },
  {
    weight: 1,
    arbitrary: fc
      .tuple(
        fc.uint8Array({ maxLength: 200 }),
        fc.constantFrom('application/json; charset=utf-8', NDJSON, 'application/json'),
      )
      .map(([b, type]) => ({ bytes: Buffer.from(b), type })),
  },
  {
    weight: 1,
    arbitrary: fc
      .tuple(
        bytes(json),
        fc.constantFrom('text/plain', 'text/csv', 'application/jsonp', 'multipart/form-data'),
      )
      .map(([b, type]) => ({ bytes: b, type })),
  },
);

/** A body as it is sent: packed, or not. */
export interface SentBody extends Body {
  readonly sent: Buffer;
  readonly coding: string | null;
  /** Whether `bytes` can be had out of `sent` again. */
  readonly readable: boolean;
}

const PACKERS: Readonly<Record<string, (bytes: Buffer) => Buffer>> = {
  gzip: (bytes) => gzipSync(bytes),
  deflate: (bytes) => deflateSync(bytes),
  br: (bytes) => brotliCompressSync(bytes),
  identity: (bytes) => bytes,
  'gzip, br': (bytes) => brotliCompressSync(gzipSync(bytes)),
  'deflate, gzip': (bytes) => gzipSync(deflateSync(bytes)),
};

/** {@link anyBody}, some of them with a content coding, right, cut off, of another name than they have, or of none that is known. */
export const anySentBody: fc.Arbitrary<SentBody> = fc.oneof(
  {
    weight: 3,
    arbitrary: anyBody.map((body) => ({ ...body, sent: body.bytes, coding: null, readable: true })),
  },
  {
    weight: 1,
    arbitrary: fc
      .tuple(
        anyBody,
        fc.constantFrom(...Object.keys(PACKERS)),
        fc.constantFrom('whole', 'whole', 'whole', 'cut', 'misnamed', 'unknown'),
      )
      .map(([body, coding, how]) => {
        const packed = PACKERS[coding]?.(body.bytes) ?? body.bytes;
        if (how === 'unknown')
          return { ...body, sent: packed, coding: `compress, ${coding}`, readable: false };
        if (how === 'misnamed' && coding !== 'identity')
          return { ...body, sent: Buffer.concat([Buffer.from('{"'), packed]), coding, readable: false };
        if (how === 'cut' && coding !== 'identity')
          return { ...body, sent: packed.subarray(0, packed.length >> 1), coding, readable: false };
        return { ...body, sent: packed, coding, readable: true };
      }),
  },
);

/**
 * What must be published for a body, by the plain definition of the contract, written down a second time and without looking at
 * the first.
 */
export function validEvents({ bytes: body, type }: Body, maxEvents: number, maxBytes: number): string[] {
  if (type === null || !/^application\/(json|x-ndjson)(;|$)/.test(type)) return [];
  if (type === NDJSON) return splitNdjson(body).flatMap((line) => published(parse(line)));
  if (body.length > maxBytes) return [];
  const parsed = parse(body);
  if (!Array.isArray(parsed)) return published(parsed);
  return parsed.length > maxEvents ? [] : parsed.flatMap(published);
}

function splitNdjson(body: Buffer): Buffer[] {
  return body
    .toString('latin1')
    .split('\n')
    .map((line) => Buffer.from(line.replace(/\r$/, ''), 'latin1'))
    .filter((line) => line.length <= 65_536);
}

function parse(bytes: Buffer): unknown {
  if (!isUtf8(bytes)) return undefined;
  try {
    return JSON.parse(bytes.toString('utf8'));
  } catch {
    return undefined;
  }
}

function published(input: unknown): string[] {
  if (typeof input !== 'object' || input === null || Array.isArray(input)) return [];
  const { id_pacote, origem, destino, status_rastreamento, data_atualizacao } = input as Record<
    string,
    unknown
  >;
  const isId =
    typeof id_pacote === 'number' ||
    (typeof id_pacote === 'string' && /^\d{1,40}(\.0+)?$/.test(cleaned(id_pacote, 300, false) ?? ''));
  const number = isId
    ? Number(typeof id_pacote === 'string' ? cleaned(id_pacote, 300, false) : id_pacote)
    : NaN;
  if (!Number.isSafeInteger(number) || number < 1) return [];
  const from = cleaned(origem, 255, false);
  const to = cleaned(destino, 255, false);
  const status = cleaned(status_rastreamento, 100, true);
  const at = instantOf(data_atualizacao);
  if (from === null || to === null || status === null || at === null) return [];
  return [
    JSON.stringify({
      id_pacote: number,
      origem: from,
      destino: to,
      status_rastreamento: status,
      data_atualizacao: at,
    }),
  ];
}

function cleaned(input: unknown, max: number, upper: boolean): string | null {
  if (typeof input !== 'string' || input.includes('\0') || /\p{Surrogate}/u.test(input)) return null;
  const seen = (text: string) =>
    Array.from(text.normalize('NFC'))
      .filter((c) => (/[\s\x1c-\x1f\x85]/.test(c) ? c !== '\uFEFF' : !/[\p{Cc}\p{Cf}\p{DI}]/u.test(c)))
      .map((c) => (/[\s\x1c-\x1f\x85\u2800]/.test(c) ? ' ' : c))
      .map((c) => (c <= '\xff' || c.normalize('NFKC').includes(' ') ? c : c.normalize('NFKC')))
      .join('')
      .split(' ')
      .filter((word) => word !== '')
      .join(' ')
      .normalize('NFC');
  const result = upper ? seen(seen(input).toUpperCase()) : seen(input);
  return result === '' || [...result].length > max ? null : result;
}

function instantOf(input: unknown): string | null {
  if (typeof input !== 'string') return null;
  const m =
    /^(\d{4})-(\d\d)-(\d\d)[Tt ](\d\d):(\d\d)(?::(\d\d)(?:[.,](\d+))?)? ?(?:[Zz]|([+-])(\d\d)(?::?(\d\d))?)$/.exec(
      input.trim(),
    );
  if (m === null) return null;
  const [y, mo, d, h, mi, s] = [1, 2, 3, 4, 5, 6].map((i) => Number(m[i] ?? 0)) as [
    number,
    number,
    number,
    number,
    number,
    number,
  ];
  const [zoneHours, zoneMinutes] = [Number(m[9] ?? 0), Number(m[10] ?? 0)];
  const lastDay = new Date(Date.UTC(y, mo, 0)).getUTCDate();
  if (
    mo < 1 ||
    mo > 12 ||
    d < 1 ||
    d > lastDay ||
    h > 24 ||
    (h === 24 && mi + s + Number(m[7] ?? 0) > 0) ||
    mi > 59 ||
    s > 59 ||
    zoneHours > 23 ||
    zoneMinutes > 59
  )
    return null;
  const offset = (m[8] === '-' ? -1 : 1) * (zoneHours * 60 + zoneMinutes);
  const ms = Date.UTC(y, mo - 1, d, h, mi - offset, s);
  if (ms < Date.UTC(2000, 0, 1) || ms > Date.now() + 24 * 3_600_000) return null;
  return `${new Date(ms).toISOString().slice(0, 19)}.${(m[7] ?? '').padEnd(6, '0').slice(0, 6)}Z`;
}
