import { once } from 'node:events';
import { connect, createServer, type Server, type Socket } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { startProxy, type Proxy } from './proxy';

let server: Server;
let served: Socket[];
let proxy: Proxy;
let clients: Socket[];

beforeEach(async () => {
  [served, clients] = [[], []];
  // An echo that remembers its sockets, so that its side can be looked at.
  server = createServer((socket) => {
    served.push(socket);
    socket.on('error', () => undefined);
    socket.on('data', (chunk) => socket.write(chunk));
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  proxy = await startProxy((server.address() as { port: number }).port);
});
afterEach(async () => {
  for (const socket of [...clients, ...served]) socket.destroy();
  await proxy.close();
  server.close();
});

async function client(): Promise<Socket> {
  const socket = connect(proxy.port, '127.0.0.1');
  socket.on('error', () => undefined);
  clients.push(socket);
  await once(socket, 'connect');
  return socket;
}

async function echo(socket: Socket, text: string): Promise<string> {
  socket.write(text);
  let got = '';
  for await (const [chunk] of on(socket)) if ((got += String(chunk)).length >= text.length) return got;
  return got;
}

async function* on(socket: Socket): AsyncGenerator<[Buffer]> {
  for (;;) yield (await once(socket, 'data')) as [Buffer];
}

/** Closed, in whatever way. */
function closed(socket: Socket): Promise<void> {
  return new Promise((resolve) => socket.once('close', () => resolve()));
}

/** Whether something happens within a time in which it would have happened many times over. */
async function within(ms: number, what: Promise<unknown>): Promise<boolean> {
  return Promise.race([what.then(() => true), sleep(ms, false)]);
}

test('bytes pass unchanged, many of them at once, and the end of one side ends the other', async () => {
  const socket = await client();
  const text = 'x'.repeat(3_000_000);
  expect(await echo(socket, text)).toBe(text);
  const ended = closed(served[0]!);
  socket.end();
  await ended;
  await closed(socket);
  expect(proxy.open()).toBe(0);
});

test('a black hole swallows bytes and ends, after it heals, too; new connections work again then', async () => {
  const before = await client();
  expect(await echo(before, 'hello')).toBe('hello');
  proxy.blackHole();
  const during = await client();
  expect(await within(200, Promise.race([echo(before, 'a'), echo(during, 'b')]))).toBe(false);
  proxy.heal();
  const after = await client();
  expect(await echo(after, 'c')).toBe('c');
  before.destroy();
  expect(await within(200, closed(served[0]!))).toBe(false);
  expect(proxy.open()).toBe(1);
});

test('the server’s end of a black-holed connection stays open when the client gives up and goes', async () => {
  const socket = await client();
  expect(await echo(socket, 'hello')).toBe('hello');
  proxy.blackHole();
  socket.write('lost');
  socket.resetAndDestroy();
  expect(await within(200, closed(served[0]!))).toBe(false);
});

test('a cut resets what is connected and nothing else', async () => {
  const socket = await client();
  expect(await echo(socket, 'hello')).toBe('hello');
  const gone = [closed(socket), closed(served[0]!)];
  proxy.cut();
  await Promise.all(gone);
  expect(await echo(await client(), 'again')).toBe('again');
});

test('a delay holds bytes back, in order, until it heals', async () => {
  const socket = await client();
  proxy.delay(100);
  const startedAt = Date.now();
  expect(await echo(socket, 'slow')).toBe('slow');
  expect(Date.now() - startedAt).toBeGreaterThanOrEqual(190);
  proxy.heal();
  expect(await echo(socket, 'fast')).toBe('fast');
});

test('a target that is not there ends the connection, and one that comes later is found', async () => {
  const { port } = server.address() as { port: number };
  server.close();
  const socket = connect(proxy.port, '127.0.0.1');
  socket.on('error', () => undefined);
  await closed(socket);
  server.listen(port, '127.0.0.1');
  await once(server, 'listening');
  expect(await echo(await client(), 'back')).toBe('back');
});
