import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { brotliCompressSync, gzipSync } from 'node:zlib';
import type { OutgoingHttpHeaders } from 'node:http';
import { pullUntil, startCarrier, type Carrier, type Pulled } from '../../test/carrier';
import { EVENT } from '../../test/source';

let dir: string;
let carrier: Carrier;
let stateFile: string;
beforeEach(async () => {
  dir = await mkdtemp(path.join(tmpdir(), 'rastreio-pull-'));
  stateFile = path.join(dir, 'state.json');
  carrier = await startCarrier();
});
afterEach(async () => {
  carrier.close();
  await rm(dir, { recursive: true, force: true });
});

const NDJSON = 'application/x-ndjson';
const JSON_TYPE = 'application/json';
const EVENT_TEXT = JSON.stringify({ ...EVENT, destino: 'São Paulo' });
const run = (done: (so: Pulled) => boolean) => pullUntil(done, { url: carrier.url, stateFile });
/** Answers every request like this, and reads it three times. */
const readThrice = (headers: OutgoingHttpHeaders, body: string | Buffer, status = 200) => {
  carrier.answer = (_request, response) => void response.writeHead(status, headers).end(body);
  return run(({ polls }) => polls.length >= 3);
};
const raw = ({ messages }: Pulled) =>
  messages.filter(({ key }) => key === null).map(({ value }) => value as Buffer);
const events = ({ messages }: Pulled) =>
  messages.filter(({ key }) => key !== null).map(({ value }) => JSON.parse(String(value)) as typeof EVENT);

test.each<[string, OutgoingHttpHeaders, string, number]>([
  ['204', {}, '', 204],
  ['an empty 200', {}, '', 200],
  ['an empty 200 of JSON', { 'content-type': JSON_TYPE }, '', 200],
  ['white space', { 'content-type': JSON_TYPE }, ' \r\n ', 200],
  ['a byte order mark', { 'content-type': JSON_TYPE }, '\ufeff', 200],
  ['an empty array', { 'content-type': JSON_TYPE }, ' [ ] ', 200],
  ['no lines', { 'content-type': NDJSON }, '\n\r\n\ufeff\n', 200],
])('%s is nothing new, and no failure', async (_name, headers, body, status) => {
  const pulled = await readThrice(headers, body, status);
  expect(pulled.polls.slice(0, 3)).toEqual(['page', 'page', 'page']);
  expect(pulled.messages).toEqual([]);
});

test.each([
  NDJSON,
  'application/ndjson; charset=utf-8',
  'application/jsonl',
  'application/json-lines',
  'application/jsonlines',
  'application/x-jsonlines',
  'application/stream+json',
  'text/x-ndjson',
])('%s is one event a line', async (type) => {
  const pulled = await readThrice(
    { 'content-type': type },
    `\ufeff${EVENT_TEXT}\r\n\n${EVENT_TEXT}\n\ufeff${EVENT_TEXT}`,
  );
  expect(pulled.polls[0]).toBe('page');
  expect(events(pulled).length).toBeGreaterThanOrEqual(9);
  expect(raw(pulled)).toEqual([]);
});

test.each([
  ['a mark and an array', `\ufeff[${EVENT_TEXT}, ${EVENT_TEXT}]`],
  ['one object', `\ufeff ${EVENT_TEXT}\n`],
])('JSON: %s', async (_name, body) => {
  expect(events(await readThrice({ 'content-type': JSON_TYPE }, body))[0]).toMatchObject({
    destino: 'São Paulo',
  });
});

const utf16 = (text: string, bigEndian: boolean) => {
  const bytes = Buffer.from(text, 'utf16le');
  return bigEndian ? bytes.swap16() : bytes;
};
const BAD = '{"id_pacote": -1, "destino": "São Paulo"}';
describe.each([
  ['ISO-8859-1', (text: string) => Buffer.from(text, 'latin1')],
  ['windows-1252', (text: string) => Buffer.from(text, 'latin1')],
  ['"iso-8859-15"', (text: string) => Buffer.from(text, 'latin1')],
  ['UTF-16LE', (text: string) => utf16(text, false)],
  ['utf-16be', (text: string) => utf16(text, true)],
  ['utf-16', (text: string) => utf16(`\ufeff${text}`, true)],
  ['utf-16', (text: string) => utf16(`\ufeff${text}`, false)],
])('charset=%s', (charset, encode) => {
  test.each([
    [`${NDJSON};charset=${charset}`, `${EVENT_TEXT}\n${BAD}\n`],
    [`${JSON_TYPE}; charset=${charset}`, `[ ${EVENT_TEXT},\n ${BAD} ]`],
  ])('is obeyed, and a wrong event keeps its bytes: %s', async (type, text) => {
    const pulled = await readThrice({ 'content-type': type }, encode(text));
    expect(events(pulled)[0]).toMatchObject({ destino: 'São Paulo' });
    expect(raw(pulled)).toEqual([encode(BAD.replace('\ufeff', '')).subarray(charset === 'utf-16' ? 2 : 0)]);
    expect(pulled.messages.find(({ key }) => key === null)?.headers).toEqual({
      'rastreio.charset': charset.toLowerCase().startsWith('utf')
        ? 'utf-16'
        : charset.replaceAll('"', '').toLowerCase(),
    });
  });
});

test('UTF-16 that nobody announced is read as well', async () => {
  for (const bigEndian of [true, false]) {
    const body = utf16(`[${EVENT_TEXT}]`, bigEndian);
    expect(events(await readThrice({ 'content-type': JSON_TYPE }, body))[0]).toMatchObject({
      destino: 'São Paulo',
    });
  }
});

test.each([
  [
    'an unknown charset',
    `${NDJSON}; charset=ibm850`,
    Buffer.from([...Buffer.from('{"destino":"S'), 0xc6, ...Buffer.from('o"}')]),
  ],
  ['a charset of two bytes', `${NDJSON}; charset=shift_jis`, Buffer.from([0x7b, 0x83, 0x5c, 0x7d])],
  ['no charset and Latin-1', NDJSON, Buffer.from(EVENT_TEXT, 'latin1')],
  ['an array in Latin-1 without charset', JSON_TYPE, Buffer.from(EVENT_TEXT, 'latin1')],
  ['UTF-8 that is none', `${NDJSON}; charset=utf-8`, Buffer.from([0x7b, 0xff, 0x7d])],
  ['UTF-16 that is none', `${NDJSON}; charset=utf-16le`, Buffer.from([0x7b, 0x00, 0x00, 0xd8, 0x7d])],
])('%s: a dead letter with the bytes', async (_name, type, bytes) => {
  const pulled = await readThrice({ 'content-type': type }, bytes);
  expect(raw(pulled)).toEqual([bytes]);
  expect(events(pulled)).toEqual([]);
});

test('of an unknown charset what is ASCII is read', async () => {
  const pulled = await readThrice(
    { 'content-type': `${NDJSON}; charset=x-unknown` },
    JSON.stringify({ ...EVENT, destino: 'Acre' }),
  );
  expect(events(pulled)[0]).toMatchObject({ destino: 'Acre' });
});

test('a charset that seems wrong is obeyed, and said', async () => {
  const pulled = await readThrice({ 'content-type': `${NDJSON}; charset=iso-8859-1` }, EVENT_TEXT);
  expect(pulled.warnings[0]).toMatch(/look like UTF-8/);
});

test.each([
  ['18 digits', '{"id_pacote":123456789012345678,"x":1e400}'],
  ['keys that come twice', '{"id_pacote":-1,"id_pacote":-2,"a":1,"a":2}'],
  ['escapes, white space and zeros', '{ "origem" : "\\u0041\\/[,]{}\\"\\\\" ,\t"id_pacote": 1.50 }'],
  ['no object', '"a, b]"'],
  ['an array in the array', '[1, [2], {"a": [3]}]'],
])('a dead letter of an array has the bytes as they came: %s', async (_name, text) => {
  const pulled = await readThrice(
    { 'content-type': JSON_TYPE },
    `[${text} ,${EVENT_TEXT}, ${text}x]`.replace(`${text}x`, '7'),
  );
  expect(raw(pulled).map(String)).toEqual([text, '7']);
  expect(events(pulled)[0]).toMatchObject({ id_pacote: EVENT.id_pacote });
});

test('a list without ETag and with wrong events has one letter of each, across restarts and failures too', async () => {
  let asked = 0;
  carrier.answer = (_request, response) => {
    asked++;
    response.writeHead(200, { 'content-type': NDJSON, 'content-length': 10_000 });
    response.write(`${EVENT_TEXT}\n{"a":1}\nnonsense\n{"a":1}\n`);
    if (asked % 2 === 0) return void setTimeout(() => response.destroy(), 20);
    response.end(
      `{"late":1}${' '.repeat(10_000)}`.slice(
        0,
        10_000 - Buffer.byteLength(`${EVENT_TEXT}\n{"a":1}\nnonsense\n{"a":1}\n`),
      ),
    );
  };
  const first = await run(({ polls }) => polls.length >= 4);
  expect(first.polls.slice(0, 4)).toEqual(['page', 'failed', 'page', 'failed']);
  const second = await run(({ polls }) => polls.length >= 4);
  expect([...raw(first), ...raw(second)].map((bytes) => String(bytes).trim())).toEqual([
    '{"a":1}',
    'nonsense',
    '{"late":1}',
  ]);
  expect(second.repeated).toBeGreaterThanOrEqual(8);
  expect(events(second).length).toBeGreaterThan(0);
});

test('a state file from before letters were remembered is read', async () => {
  const { url } = carrier;
  await writeFile(stateFile, JSON.stringify({ source: url, url: `${url}?p=7`, etag: null }));
  const asked: (string | undefined)[] = [];
  carrier.answer = (request, response) => {
    asked.push(request.url);
    response.end('[7]');
  };
  await run(() => asked.length >= 2);
  expect(asked[0]).toBe('/eventos?p=7');
  expect(JSON.parse(await readFile(stateFile, 'utf8'))).toMatchObject({
    letters: [expect.any(String) as string],
  });
});

test('an event that no message can hold is kept as far as one can, and does not stop the page', async () => {
  const huge = `{"x":"${'y'.repeat(950_000)}"}`;
  for (const [type, body] of [
    [NDJSON, `${EVENT_TEXT}\n${huge}\n${EVENT_TEXT}`],
    [JSON_TYPE, `[${EVENT_TEXT},${huge},${EVENT_TEXT}]`],
  ] as const) {
    await rm(stateFile, { force: true });
    const pulled = await readThrice({ 'content-type': type }, body);
    expect(pulled.polls[0]).toBe('page');
    expect(events(pulled).length).toBeGreaterThanOrEqual(6);
    expect(raw(pulled).map((bytes) => [bytes.length, String(bytes) === huge.slice(0, 900_000)])).toEqual([
      [900_000, true],
    ]);
    expect(pulled.messages.find(({ key }) => key === null)?.headers).toEqual({
      'rastreio.tamanho_original': String(huge.length),
    });
  }
});

test('messages are sent in batches that the broker takes', async () => {
  const sent: number[] = [];
  const lines = Array.from({ length: 40 }, (_, i) => `{"n":${i},"x":"${'y'.repeat(60_000)}"}`).join('\n');
  carrier.answer = (_request, response) =>
    void response.writeHead(200, { 'content-type': NDJSON }).end(lines);
  await pullUntil(() => sent.length >= 5, {
    url: carrier.url,
    stateFile,
    publisher: {
      send: (messages) =>
        Promise.resolve(void sent.push(messages.reduce((n, m) => n + Buffer.byteLength(m.value ?? ''), 0))),
      close: () => Promise.resolve(),
    },
  });
  expect(Math.max(...sent)).toBeLessThanOrEqual(500_000);
});

test.each([
  ['HTML', 'text/html', '<html>maintenance</html>', /\(text\/html\) is not JSON/],
  ['JSON that breaks off', JSON_TYPE, `[${EVENT_TEXT},`, /is not JSON/],
  ['UTF-32', JSON_TYPE, Buffer.from([0, 0, 0, 0x7b]), /UTF-32/],
  ['a page without end', JSON_TYPE, `[${' '.repeat(17 * 1024 * 1024)}]`, /longer than 16777216 bytes/],
])('%s is said and tried again', async (_name, type, body, problem) => {
  const pulled = await readThrice({ 'content-type': type }, body);
  expect([pulled.polls[0], pulled.messages]).toEqual(['failed', []]);
  expect(pulled.warnings[0]).toMatch(problem);
});

test('packed answers are read; of a coding that is not known it is said', async () => {
  for (const [coding, pack] of [
    ['gzip', gzipSync],
    ['br', brotliCompressSync],
  ] as const) {
    const pulled = await readThrice(
      { 'content-type': JSON_TYPE, 'content-encoding': coding },
      pack(Buffer.from(`[${EVENT_TEXT}]`)),
    );
    expect(events(pulled)[0]).toMatchObject({ destino: 'São Paulo' });
  }
  const odd = await readThrice({ 'content-type': NDJSON, 'content-encoding': 'compress' }, 'x\ny\n');
  expect(odd.warnings[0]).toMatch(/Content-Encoding compress is not read here/);
  expect(odd.messages).toEqual([]);
});
