import { randomBytes } from 'node:crypto';
import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { createServer, type IncomingMessage, type RequestListener, type ServerResponse } from 'node:http';
import { connect, type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { sha256 } from '../download';
import { freePorts } from '../ports';
import { run } from '../run';
import { checksumIn, grafanaArchive } from './archive';
import { fetchGrafana } from './find';
import { installGrafana } from './install';
import { grafanaVersion } from './version';

const LIMITS = { answerMs: 400, stallMs: 400, stallBytes: 64 * 1024 };
const PADDING = 2 * 1024 ** 2;

let dir: string;
let version: string;
/** A small archive of the same form whose bin/grafana is a script, and its checksum. */
let archive: Buffer;
let checksum: string;
const servers: { close: () => void }[] = [];
const environment = { ...process.env };

beforeAll(async () => {
  const folder = await mkdtemp(path.join(tmpdir(), 'rastreio-archive-'));
  version = await grafanaVersion();
  const bin = path.join(folder, `grafana-v${version}`, 'bin');
  await mkdir(bin, { recursive: true });
  await writeFile(path.join(bin, 'grafana'), `#!/bin/sh\necho "grafana version ${version}"\n`, {
    mode: 0o755,
  });
  await writeFile(path.join(bin, 'padding'), randomBytes(PADDING));
  const file = path.join(folder, 'archive.tar.gz');
  await run('tar', ['-czf', file, '-C', folder, `grafana-v${version}`]);
  [archive, checksum] = [await readFile(file), await sha256(file)];
  await rm(folder, { recursive: true });
});

beforeEach(async () => {
  dir = await mkdtemp(path.join(tmpdir(), 'rastreio-vendor-'));
  for (const name of ['HTTP_PROXY', 'http_proxy', 'NO_PROXY', 'no_proxy']) delete process.env[name];
  process.env.RASTREIO_VENDOR_DIR = dir;
});

afterEach(async () => {
  process.env = { ...environment };
  for (const server of servers.splice(0)) server.close();
  await rm(dir, { recursive: true, force: true });
});

/** A server on loopback; its address. */
async function listen(answer: RequestListener): Promise<string> {
  const server = createServer(answer);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  servers.push({ close: () => (server.closeAllConnections(), server.close()) });
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

/** The published archive; `send` writes the archive itself. */
const published =
  (send: (response: ServerResponse, request: IncomingMessage) => void, sum = checksum): RequestListener =>
  (request, response) => {
    if (request.url?.endsWith('.sha256') === true) response.end(sum);
    else send(response, request);
  };

const whole = (response: ServerResponse, request: IncomingMessage) => {
  const from = Number(/^bytes=(\d+)-$/.exec(request.headers.range ?? '')?.[1] ?? 0);
  const rest = archive.subarray(from);
  response.writeHead(from > 0 ? 206 : 200, { 'content-length': rest.length }).end(rest);
};

const half = (response: ServerResponse) => {
  response.writeHead(200, { 'content-length': archive.length });
  response.write(archive.subarray(0, archive.length / 2), () => response.destroy());
};

async function install(base: string, signal = new AbortController().signal, notes: string[] = []) {
  const place = grafanaArchive(version, undefined, { GRAFANA_DOWNLOAD_URL: base });
  if (place === undefined) throw new Error('no archive for the machine that runs the tests');
  return installGrafana({
    version,
    archive: place,
    progress: { note: (text) => notes.push(text) },
    signal,
    limits: LIMITS,
  });
}

describe('the official archive', () => {
  test('has the names that Grafana publishes', () => {
    const where = (platform: string, arch: string) =>
      grafanaArchive('12.4.10', { platform, arch }, {})?.url.replace(/^.*\//, '');
    expect(grafanaArchive('12.4.10', { platform: 'linux', arch: 'x64' }, {})).toEqual({
      name: 'grafana-12.4.10.linux-amd64.tar.gz',
      url: 'https://dl.grafana.com/oss/release/grafana-12.4.10.linux-amd64.tar.gz',
      checksumUrl: 'https://dl.grafana.com/oss/release/grafana-12.4.10.linux-amd64.tar.gz.sha256',
    });
    expect(where('linux', 'arm64')).toBe('grafana-12.4.10.linux-arm64.tar.gz');
    expect(where('darwin', 'arm64')).toBe('grafana-12.4.10.darwin-arm64.tar.gz');
    expect(where('darwin', 'x64')).toBe('grafana-12.4.10.darwin-amd64.tar.gz');
    expect(where('win32', 'x64')).toBeUndefined();
    expect(where('linux', 'ia32')).toBeUndefined();
  });

  test('its checksum file holds digits, with or without the name', () => {
    expect(checksumIn(`${checksum.toUpperCase()}\n`)).toBe(checksum);
    expect(checksumIn(`${checksum}  grafana.tar.gz\n`)).toBe(checksum);
    expect(() => checksumIn('<html>Sign in to this network</html>')).toThrow(/no SHA-256/);
  });
});

describe('a download', () => {
  test('is compared with its checksum, unpacked, told of, and not repeated', async () => {
    const asked: string[] = [];
    const notes: string[] = [];
    const base = await listen((request, response) => {
      asked.push(request.url ?? '');
      published(whole)(request, response);
    });
    const home = await install(base, undefined, notes);
    expect(home).toBe(path.join(dir, `grafana-${version}`));
    expect(await run(path.join(home, 'bin', 'grafana'), [])).toContain(version);
    expect(notes.join('\n')).toMatch(/Grafana [\d.]+: 100 % of 2\.\d MB\n.*checksum agrees/);
    expect(await install(base)).toBe(home);
    expect(asked).toHaveLength(2);
    expect(await readdir(dir)).toEqual([`grafana-${version}`]);
  });

  test('with another checksum is never used, and begins anew next time', async () => {
    const base = await listen(published(whole, '0'.repeat(64)));
    await expect(install(base)).rejects.toThrow(/SHA-256 [0-9a-f]{64}, published is 0{64}: not used/);
    expect(existsSync(path.join(dir, `grafana-${version}`))).toBe(false);
    expect((await readdir(dir)).filter((file) => file.endsWith('.part'))).toEqual([]);
    await install(await listen(published(whole)));
  });

  test('that is cut off goes on where it stopped', async () => {
    await expect(install(await listen(published(half)))).rejects.toThrow();
    expect(existsSync(path.join(dir, `grafana-${version}`))).toBe(false);
    const [part = ''] = await readdir(dir);
    const { size } = await stat(path.join(dir, part));
    expect(size).toBeGreaterThan(archive.length / 4);
    const ranges: (string | undefined)[] = [];
    await install(
      await listen(
        published((response, request) => {
          ranges.push(request.headers.range);
          whole(response, request);
        }),
      ),
    );
    expect(ranges).toEqual([`bytes=${size}-`]);
  });

  test('begins anew where the server cannot go on', async () => {
    await expect(install(await listen(published(half)))).rejects.toThrow();
    await install(await listen(published((response) => void response.writeHead(200).end(archive))));
  });

  test('that trickles is given up', async () => {
    const base = await listen(
      published((response) => {
        response.writeHead(200, { 'content-length': archive.length });
        const timer = setInterval(() => response.write('x'), 50);
        response.once('close', () => clearInterval(timer));
      }),
    );
    await expect(install(base)).rejects.toThrow(/sent \d+ bytes in 0\.4 s/);
  });

  test('from a server that takes the connection and says nothing is given up', async () => {
    await expect(install(await listen(() => undefined))).rejects.toThrow(/no answer from .* within 0\.4 s/);
  });

  test('is ended by the operator and leaves no lock', async () => {
    const interrupt = new AbortController();
    const base = await listen(
      published((response) => {
        response.writeHead(200, { 'content-length': archive.length });
        response.write(archive.subarray(0, 1000), () => interrupt.abort(new Error('Ctrl-C')));
      }),
    );
    await expect(install(base, interrupt.signal)).rejects.toThrow('Ctrl-C');
    expect((await readdir(dir)).filter((file) => /\.(lock|new)$/.test(file))).toEqual([]);
  });

  test('whose program does not run here is not kept', async () => {
    const folder = await mkdtemp(path.join(dir, 'other-'));
    await mkdir(path.join(folder, 'g', 'bin'), { recursive: true });
    await writeFile(path.join(folder, 'g', 'bin', 'grafana'), '#!/nowhere\n', { mode: 0o755 });
    const file = path.join(folder, 'a.tar.gz');
    await run('tar', ['-czf', file, '-C', folder, 'g']);
    const [bytes, sum] = [await readFile(file), await sha256(file)];
    const base = await listen(published((response) => void response.end(bytes), sum));
    await expect(install(base)).rejects.toThrow(/cannot be run on this machine/);
    expect(existsSync(path.join(dir, `grafana-${version}`))).toBe(false);
  });

  test('goes through the proxy of the environment, except to NO_PROXY', async () => {
    const through: (string | undefined)[] = [];
    const proxy = createServer();
    proxy.on('connect', (request: IncomingMessage, socket: NodeJS.WritableStream & NodeJS.ReadableStream) => {
      through.push(request.url);
      const [host, port] = (request.url ?? '').split(':');
      const target = connect(Number(port), host, () => {
        socket.write('HTTP/1.1 200 OK\r\n\r\n');
        target.pipe(socket).pipe(target);
      });
      target.on('error', () => socket.end());
      socket.on('error', () => target.destroy());
    });
    await new Promise<void>((resolve) => proxy.listen(0, '127.0.0.1', resolve));
    servers.push(proxy);
    const base = await listen(published(whole));
    process.env.HTTP_PROXY = `http://127.0.0.1:${(proxy.address() as AddressInfo).port}`;
    await install(base);
    expect(through).toEqual([new URL(base).host, new URL(base).host]);
    await rm(path.join(dir, `grafana-${version}`), { recursive: true });
    process.env.NO_PROXY = '127.0.0.1';
    await install(base);
    expect(through).toHaveLength(2);
  });
});

describe('at a start', () => {
  const start = async (base: string) => {
    process.env.GRAFANA_DOWNLOAD_URL = base;
    const notes: string[] = [];
    const grafana = await fetchGrafana({ note: (text) => notes.push(text) }, new AbortController().signal);
    return { grafana, notes };
  };

  test('a fetched Grafana is used', async () => {
    const { grafana } = await start(`${await listen(published(whole))}/`);
    expect(grafana?.binary).toBe(path.join(dir, `grafana-${version}`, 'bin', 'grafana'));
  });

  test.each([
    ['no network', async () => `http://127.0.0.1:${(await freePorts(1))[0]}`, /ECONNREFUSED/],
    ['no such name', () => Promise.resolve('http://archive.invalid/'), /archive\.invalid/],
    ['404', () => listen((_request, response) => void response.writeHead(404).end()), /answers 404/],
    ['another checksum', () => listen(published(whole, 'f'.repeat(64))), /published is f{64}/],
  ])('%s is one line, and the next start tries again', async (_name, base, reason) => {
    const { grafana, notes } = await start(await base());
    expect(grafana).toBeUndefined();
    const last = notes.at(-1) ?? '';
    expect(last).toMatch(reason);
    expect(last).toMatch(/preview is shown instead; the next start tries again/);
    expect(last).not.toContain('\n');
    const again = await start(await listen(published(whole)));
    expect(again.grafana).toBeDefined();
  });
});
