import { spawn } from 'node:child_process';
import { once } from 'node:events';
import path from 'node:path';

const RUN = `require(${JSON.stringify(path.join(__dirname, 'run.ts'))})`;

const PROGRAM = `
  const { runCommand } = ${RUN};
  void runCommand(async () => {
    for (let i = 0; i < 100; i++) {
      process.stdout.write('line ' + i + '\\n');
      await new Promise((resolve) => setTimeout(resolve, 1));
    }
    process.stderr.write('all done');
    return 3;
  });`;

const run = (program: string) =>
  spawn(process.execPath, ['--import', 'tsx', '-e', program], { stdio: ['ignore', 'pipe', 'pipe'] });

test('a command goes on to its end, and says its exit code, when nobody reads its output any more', async () => {
  const child = run(PROGRAM);
  child.stdout.destroy();
  let said = '';
  child.stderr.on('data', (text: Buffer) => (said += text.toString()));
  const [code] = (await once(child, 'close')) as [number];
  expect({ code, said }).toEqual({ code: 3, said: 'all done' });
});

test.each(['EPIPE', 'EIO'])(
  '%s of the output, as of a terminal that was closed, does not end a command',
  async (code) => {
    const child = run(`
    const { runCommand } = ${RUN};
    void runCommand(async () => {
      const lost = Object.assign(new Error('lost'), { code: '${code}' });
      process.stdout.emit('error', lost);
      process.stderr.emit('error', lost);
      await new Promise((resolve) => setTimeout(resolve, 10));
      return 4;
    });`);
    const [exitCode] = (await once(child, 'close')) as [number];
    expect(exitCode).toBe(4);
  },
);

const SERVICE = `
  const { runService } = ${RUN};
  void runService('test', async () => {
    const timer = setInterval(() => {}, 1000);
    console.log('up');
    return { stop: async () => clearInterval(timer), finished: new Promise(() => {}) };
  });`;

test.each(['SIGILL', 'SIGTRAP', 'SIGABRT', 'SIGBUS', 'SIGFPE', 'SIGSEGV'] as const)(
  'a service dies of %s, which tells of an error of its process',
  async (signal) => {
    const child = run(SERVICE);
    await once(child.stdout, 'data');
    child.kill(signal);
    expect(await once(child, 'exit')).toEqual([null, signal]);
  },
);

test.each(['SIGTERM', 'SIGINT', 'SIGHUP'] as const)('a service stops at %s', async (signal) => {
  const child = run(SERVICE);
  await once(child.stdout, 'data');
  child.kill(signal);
  expect(await once(child, 'exit')).toEqual([0, null]);
});

test('a service that failed ends with its own exit code, also where its stop never comes to an end', async () => {
  const child = run(`
    const { runService } = ${RUN};
    const { OperatorError } = require(${JSON.stringify(path.join(__dirname, 'exitCodes.ts'))});
    setInterval(() => {}, 1000);
    void runService('test', async () => ({
      stop: () => new Promise(() => {}),
      finished: Promise.reject(new OperatorError('stands still', 75)),
    }), undefined, 100);`);
  expect(await once(child, 'exit')).toEqual([75, null]);
});
