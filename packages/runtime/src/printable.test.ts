import { spawnSync } from 'node:child_process';
import path from 'node:path';
import fc from 'fast-check';
import { printable, printableJson, printableLines } from './printable';

const UNSAFE = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Cs}]/u;
/** What a terminal obeys or what turns the direction of writing: CSI and OSC of seven and eight bits, bidi, tags. */
const ATTACK = '\u001b]0;owned\u0007\u009b2J\u009d0;x\u009c\u202e\u2066\u200f\u{e0041}\u2028\r';

test('no character of any text reaches a terminal as more than itself', () => {
  for (let code = 0; code < 0x110000; code++) {
    const character = String.fromCodePoint(code);
    if (UNSAFE.test(printable(character))) throw new Error(`U+${code.toString(16)}`);
  }
  fc.assert(
    fc.property(fc.string({ unit: 'binary' }), (text) => {
      expect(printable(printable(text))).toBe(printable(text));
      expect(printableLines(text).replaceAll('\n', '')).not.toMatch(UNSAFE);
      expect(JSON.parse(printableJson(text))).toBe(text);
    }),
  );
});

test('what a command dies of and what is logged is shown, not obeyed', () => {
  const program = `
    const { createLog, runCommand, OperatorError } = require(${JSON.stringify(path.join(__dirname, 'index.ts'))});
    createLog('test', 'info', 'stderr').info(${JSON.stringify(ATTACK)});
    void runCommand(() => Promise.reject(new OperatorError(${JSON.stringify(`first ${ATTACK}`)} + '\\nsecond')));`;
  const { status, stderr } = spawnSync(process.execPath, ['--import', 'tsx', '-e', program]);
  const [logged = '', ...said] = stderr.toString().trimEnd().split('\n');
  expect(status).toBe(1);
  expect((JSON.parse(logged) as { msg: string }).msg).toBe(ATTACK);
  expect(said).toEqual([`first ${printable(ATTACK)}`, 'second']);
  expect(stderr.toString().replaceAll('\n', '')).not.toMatch(UNSAFE);
});
