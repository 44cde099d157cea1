import { createServer } from 'node:net';
import { createLog } from '@rastreio/runtime';
import { reachBroker } from './reach';

const log = createLog('test', 'silent');

test('a Kafka that is not there is told at once, and is an error with what to do in the end', async () => {
  const server = createServer((socket) => socket.destroy());
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as { port: number };
  const told: string[] = [];
  const brokers = `127.0.0.1:${port}`;
  try {
    const attempt = reachBroker({ brokers, log, patienceMs: 300, tell: (text) => told.push(text) });
    await expect(attempt).rejects.toMatchObject({
      exitCode: 1,
      message: expect.stringMatching(
        new RegExp(`does not answer at ${brokers} .*npm start.*--brokers`),
      ) as string,
    });
    expect(told).toEqual([expect.stringContaining(`does not answer at ${brokers}`)]);
  } finally {
    server.close();
  }
});

test('the wait ends when its signal aborts', async () => {
  const stop = new AbortController();
  const attempt = reachBroker({
    brokers: '127.0.0.1:1',
    log,
    signal: stop.signal,
    tell: () => stop.abort(new Error('Ctrl-C')),
  });
  await expect(attempt).rejects.toThrow(/Stopped before Kafka answered/);
});
