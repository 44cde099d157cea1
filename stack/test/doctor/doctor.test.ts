import dns from 'node:dns/promises';
import { mkdir, readFile } from 'node:fs/promises';
import path from 'node:path';
import { doctorPage, PAGE } from '../../../scripts/doctor/page';
import type { OwnProvider } from '../../src/database/types';
import { closedFolder } from '../../src/database/user';
import { CHECKS, examine } from '../../src/doctor';
import { servers, user } from '../../src/doctor/database';
import type { Place } from '../../src/doctor/types';
import { begin, end, here, room, wellPlace } from './context';
import { ENVIRONMENT } from './environment';
import { FOLDER } from './folder';
import { MACHINE } from './machine';
import { NETWORK } from './network';
import { RUNNING } from './running';

const BREAKS = [...MACHINE, ...NETWORK, ...FOLDER, ...RUNNING, ...ENVIRONMENT];

beforeEach(begin);
afterEach(end);

async function one(code: string, place: Place) {
  const [finding] = await examine(
    place,
    CHECKS.filter((check) => check.code === code),
  );
  return finding;
}

describe('a check is broken by what it looks for', () => {
  test.each(BREAKS)('%s: %s', async (code, _what, level, words, place) => {
    const finding = await one(code, await place());
    expect(finding).toMatchObject({ code, level });
    expect(finding?.seen).toContain(words);
    expect(finding?.advice ?? '').not.toBe('');
  });

  test('RD021: a localhost that is something else', async () => {
    const lookup = jest.spyOn(dns, 'lookup').mockResolvedValue([{ address: '::1', family: 6 }] as never);
    expect(await one('RD021', wellPlace())).toMatchObject({ level: 'fail', seen: '::1' });
    lookup.mockRestore();
  });

  // What is installed here cannot be taken away, so the facts are given.
  test('RD050: a machine that has but plain PostgreSQL, or none', () => {
    const away = (name: OwnProvider) => ({ name, reason: `no ${name}` });
    const plain = servers.judge([away('installed'), away('timescaledb'), { name: 'embedded', reason: null }]);
    expect(plain).toEqual({
      level: 'warn',
      seen: 'plain PostgreSQL (installed: no installed; timescaledb: no timescaledb)',
    });
    expect(servers.judge([away('embedded')])).toEqual({ level: 'fail', seen: 'embedded: no embedded' });
  });

  test('RD052: a folder that PostgreSQL’s user cannot enter', async () => {
    const closed = path.join(here(), 'closed');
    await mkdir(closed, { mode: 0o700 });
    expect(await closedFolder(path.join(closed, 'stack'))).toBe(closed);
    const verdict = user.judge({ root: true, problem: undefined, closed });
    expect(verdict).toMatchObject({ level: 'fail', seen: `others cannot enter ${closed}` });
    expect(user.judge({ root: true, problem: 'no user', closed: undefined }).level).toBe('fail');
  });

  test('each has at least one of these', () => {
    // The first three above; RD031 in answers.test.ts, which has a database.
    const elsewhere = ['RD021', 'RD050', 'RD052', 'RD031'];
    const codes = CHECKS.map(({ code }) => code);
    expect([...new Set([...BREAKS.map(([code]) => code), ...elsewhere])].sort()).toEqual(codes);
    expect(codes.every((code) => /^RD\d{3}$/.test(code))).toBe(true);
  });
});

test('nothing is wrong with a machine on which a stack can start', async () => {
  /** What the machine of the tests may lack, and does well enough without. */
  const others = ['RD005', 'RD013', 'RD014', 'RD015', 'RD045', 'RD050', 'RD052', 'RD071', 'RD072'];
  const findings = await examine(
    room(),
    CHECKS.filter(({ code }) => !others.includes(code)),
  );
  expect(findings.filter(({ level }) => level !== 'ok')).toEqual([]);
  expect(findings.every(({ advice }) => advice === null)).toBe(true);
});

test('RD080: variables of ours, and files named instead of passwords, are known', async () => {
  const env = { RASTREIO_STACK_DIR: 'x', RASTREIO_OWNER_PASSWORD_FILE: 'x', DATABASE_URL: 'x', COLOR: 'x' };
  expect(await one('RD080', wellPlace({ env }))).toMatchObject({ level: 'ok' });
});

test('what cannot be looked at fails with the reason, and hides nothing else', async () => {
  const place = wellPlace({
    statfs: () => Promise.reject(new Error('no such disk')),
    running: () => Promise.reject(new Error('broken note')),
  });
  const findings = await examine(place);
  expect(findings).toHaveLength(CHECKS.length);
  const of = (code: string) => findings.find((finding) => finding.code === code);
  expect(of('RD010')?.seen).toContain('no such disk');
  expect(of('RD060')).toMatchObject({ level: 'fail' });
  expect(of('RD003')).toMatchObject({ level: 'ok' });
});

test('docs/doctor.md says what the checks say; npm run docs:write makes it so', async () => {
  expect(await readFile(PAGE, 'utf8')).toBe(await doctorPage());
});
