import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { loadProfiles, readProfile } from './index';
import { JSON_PROFILE, profileOf } from '../test/profiles';

const HEAD = 'name: teste\ntitle: Teste\n';

/** What is said of a profile, each complaint with its line. */
function complaints(yaml: string): string[] {
  const read = readProfile(HEAD + yaml, 'config/sources/teste.yaml');
  return read.ok ? [] : read.problems.map(({ line, text }) => `${line} ${text}`);
}

/** The profile of JSON_PROFILE with one text replaced. */
function changed(from: string, to: string): string {
  expect(JSON_PROFILE).toContain(from);
  return JSON_PROFILE.replace(from, to);
}

test('a profile says what it reads, how its source shows who it is, and where each of its keys stands', () => {
  const profile = profileOf(JSON_PROFILE);
  expect(profile).toMatchObject({ name: 'teste', format: 'json', auth: { type: 'none' }, carrier: 'Teste' });
  expect(profile.lineOf(['fields', 'data_atualizacao'])).toBe(8);
});

test.each([
  ['no YAML', 'format: [json\n', /^4 Flow sequence/],
  [
    'a list for keys',
    JSON_PROFILE.replace(/fields:[^]*/, 'fields: []'),
    /^6 fields: has another form; use keys with their values/,
  ],
  ['no fields', 'format: json', /^1 fields: is missing; use keys with their values/],
  [
    'a name with a space',
    `${JSON_PROFILE}csv: { columns: { a b: c } }\n`,
    /^11 csv\.columns\.a b: is no name that expressions can say/,
  ],
  ['an unknown key', `${JSON_PROFILE}feilds: x\n`, /^11 feilds: there is no such setting/],
  [
    'an unknown field',
    changed('  codigo: codigo', '  código: codigo'),
    /^7 fields\.código: there is no such setting/m,
  ],
  ['a format that there is not', changed('json', 'xml'), /^3 format: use one of json, csv, fixed/],
  [
    'an expression that is none',
    changed('codigo: codigo', 'codigo: "codigo["'),
    /^7 fields\.codigo\.value: codigo\[: Expected "\]" before end of expression, at character/,
  ],
  ['an empty expression', changed('codigo: codigo', 'codigo:'), /^7 fields\.codigo\.value: is empty/],
  ['no parcel', changed('  codigo: codigo\n', ''), /names no parcel; give codigo .* or id_pacote/],
  [
    'a code without a carrier',
    changed('carrier: Teste\n', ''),
    /needs the key carrier: two carriers’ equal numbers are two parcels/,
  ],
  ['no time', changed('  data_atualizacao: quando\n', ''), /lacks data_atualizacao/],
  [
    'no status',
    changed('  text: situacao', '  texts: {}'),
    /^9 status: needs code or text|^10 status: needs code or text/,
  ],
  ['no events', changed('events: eventos\n', ''), /^3 format: json needs the key events/],
  ['a key of another format', `${JSON_PROFILE}csv: {}\n`, /^11 csv: is not for format json; take it out/],
  [
    'codes that are never asked',
    `${JSON_PROFILE}  codes: { ENTREGUE: a }\n`,
    /^11 status\.codes: is never asked without status\.code/,
  ],
  [
    'a status that the catalogue lacks',
    `${JSON_PROFILE}  texts:\n    ENTRGUE: a\n`,
    /^12 status\.texts\.ENTRGUE: "ENTRGUE" is no status of the catalogue; did you mean ENTREGUE\?/,
  ],
  [
    'a status like no other',
    `${JSON_PROFILE}  texts:\n    XYZ: a\n`,
    /"XYZ" is no status of the catalogue; use one of POSTADO, .*, ENTREGUE/,
  ],
  [
    'one word for two statuses',
    `${JSON_PROFILE}  texts:\n    ENTREGUE: Não  está\n    EXTRAVIADO: [perdido, nao esta]\n`,
    /^13 status\.texts\.EXTRAVIADO\.1: "nao esta" means ENTREGUE already/,
  ],
  [
    'a date format of letters',
    `${JSON_PROFILE}dates: { formats: yyyy-MM-ddTHH:mm }\n`,
    /^11 dates\.formats\.0: .* says H twice; put letters that stand for themselves into quotes/,
  ],
  [
    'a date format of another library',
    `${JSON_PROFILE}dates: { formats: "DD/MM/YYYY" }\n`,
    /^11 dates\.formats\.0: "DD\/MM\/YYYY"/,
  ],
  [
    'a date format without a year',
    `${JSON_PROFILE}dates: { formats: "dd/MM HH:mm" }\n`,
    /says no whole date/,
  ],
  [
    'a zone that there is not',
    `${JSON_PROFILE}dates: { zone: Brasil }\n`,
    /^11 dates\.zone: is no IANA time zone/,
  ],
  [
    'an hour that there is not',
    `${JSON_PROFILE}dates: { timeOfDay: "24:00" }\n`,
    /^11 dates\.timeOfDay: use hours and minutes/,
  ],
  [
    'a language that there is not',
    `${JSON_PROFILE}dates: { locale: "portugues do brasil" }\n`,
    /^11 dates\.locale: is no language/,
  ],
  [
    'an unknown kind of authentication',
    `${JSON_PROFILE}auth: { type: basic }\n`,
    /^11 auth(\.type)?: use type: none, apiKey or hmac/,
  ],
  [
    'a key sent in two places',
    `${JSON_PROFILE}auth: { type: apiKey, header: x-key, query: key, key: { env: K } }\n`,
    /^11 auth: say where the key is sent by either/,
  ],
  [
    'a secret that stands here itself',
    `${JSON_PROFILE}auth: { type: apiKey, header: x-key, key: hunter2 }\n`,
    /^11 auth\.key: /,
  ],
  [
    'a secret from nowhere',
    `${JSON_PROFILE}auth: { type: apiKey, header: x-key, key: {} }\n`,
    /^11 auth\.key: say where the secret is by either env/,
  ],
  [
    'a signature without encoding',
    `${JSON_PROFILE}auth: { type: hmac, header: x-sig, secret: { env: S } }\n`,
    /^11 auth\.encoding: use hex or base64/,
  ],
  [
    'a tolerance of a month',
    `${JSON_PROFILE}auth: { type: hmac, header: x-sig, encoding: hex, secret: { env: S }, timestamp: { header: x-time, toleranceSeconds: 2592000 } }\n`,
    /^11 auth\.timestamp\.toleranceSeconds: use seconds from 1 to 86400/,
  ],
])('%s is refused with its line and what would be right', (_title, yaml, message) => {
  const found = complaints(yaml);
  expect(found.join('\n')).toMatch(message);
});

test('every complaint of a file comes at once, in the order of its lines', () => {
  const lines = complaints('format: xml\nauth: { type: x }\nfields: 1\n').map((text) =>
    Number(text.split(' ')[0]),
  );
  expect(lines).toEqual([...lines].sort((a, b) => a - b));
  expect(lines.length).toBeGreaterThan(2);
});

test('authentication is described, with what it leaves out filled in', () => {
  const auth = (yaml: string) => profileOf(`${JSON_PROFILE}auth: ${yaml}\n`).auth;
  expect(auth('{ type: apiKey, query: chave, key: { file: /run/secrets/chave } }')).toEqual({
    type: 'apiKey',
    in: 'query',
    name: 'chave',
    key: { file: '/run/secrets/chave' },
  });
  expect(
    auth(
      '{ type: hmac, header: X-Sig, encoding: base64, secret: { env: S }, timestamp: { header: X-Time } }',
    ),
  ).toEqual({
    type: 'hmac',
    header: 'X-Sig',
    algorithm: 'sha256',
    encoding: 'base64',
    prefix: '',
    secret: { env: 'S' },
    timestamp: { header: 'X-Time', toleranceSeconds: 300, signed: '{timestamp}.{body}' },
  });
});

test('a number of YAML stays the text that stands there, so that code 01 is not code 1', () => {
  const { status } = profileOf(`${JSON_PROFILE}  code: codigo\n  codes: { ENTREGUE: [01, 0x1] }\n`);
  expect([...(status?.codes.keys() ?? [])]).toEqual(['01', '0X1']);
});

describe('a folder', () => {
  let dir: string;
  beforeEach(async () => (dir = await mkdtemp(path.join(tmpdir(), 'rastreio-sources-'))));
  afterEach(() => rm(dir, { recursive: true, force: true }));

  test('a broken profile costs no other, and a name is that of its file', async () => {
    await writeFile(path.join(dir, 'teste.yaml'), HEAD + JSON_PROFILE);
    await writeFile(path.join(dir, 'outro.yaml'), HEAD + JSON_PROFILE);
    await writeFile(path.join(dir, 'quebrado.yaml'), 'name: quebrado\n');
    await writeFile(path.join(dir, 'notas.txt'), 'no profile');
    await writeFile(path.join(dir, 'teste.yml'), HEAD + JSON_PROFILE);
    const { profiles, problems } = await loadProfiles(dir);
    expect([...profiles.keys()]).toEqual(['teste']);
    const said = problems.map(({ file, line, text }) => `${path.basename(file)}:${line} ${text}`);
    expect(said).toContainEqual(
      'outro.yaml:1 name: teste is not the name of the file; write outro, or rename the file',
    );
    expect(said).toContainEqual(expect.stringMatching(/^teste\.yml:1 .*teste\.yaml has this name already/));
    expect(said).toContainEqual(expect.stringMatching(/^quebrado\.yaml:1 title: is missing/));
  });

  test('one that is not there is a problem', async () => {
    const { profiles, problems } = await loadProfiles(path.join(dir, 'none'));
    expect(profiles.size).toBe(0);
    expect(problems[0]?.text).toMatch(/ENOENT.*check the path/);
  });
});
