import { DatabaseError } from 'pg';
import { classifyDatabaseError, LetterRefusedError, remedyOf } from './sqlstate';

function answer(code: string, hint?: string): DatabaseError {
  return Object.assign(new DatabaseError('said by the server', 18, 'error'), { code, hint });
}

test.each([
  ['40P01', 'transient'],
  ['53100', 'transient'],
  ['53300', 'transient'],
  ['55P03', 'transient'],
  ['25006', 'transient'],
  // A limit that is configured is the same at each try.
  ['53400', 'fatal'],
  ['42501', 'fatal'],
  ['22023', 'data'],
  ['23514', 'data'],
])('SQLSTATE %s is %s', (code, kind) => {
  expect(classifyDatabaseError(answer(code))).toBe(kind);
});

test('what came from no server is of the network, or of this program', () => {
  expect(classifyDatabaseError(new Error('read ECONNRESET'))).toBe('transient');
  expect(classifyDatabaseError(new TypeError('x is not a function'))).toBe('fatal');
  expect(classifyDatabaseError(new LetterRefusedError(answer('42501')))).toBe('data');
});

test('of a limit it is said what to set, of all else what to look at', () => {
  const hint = 'Consider increasing timescaledb.max_tuples_decompressed_per_dml_transaction or set to 0';
  const [own, named] = [remedyOf(answer('53400')), remedyOf(answer('53400', hint))];
  expect(own).toContain('ALTER DATABASE ... SET timescaledb.max_tuples_decompressed_per_dml_transaction = 0');
  expect(own).toContain('temp_file_limit');
  expect(named).toContain(`is reached (${hint}): raise it`);
  expect(remedyOf(answer('42501'))).toMatch(/^Check DATABASE_URL/);
});
