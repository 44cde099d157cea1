import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { checkPrerequisites } from './checks';
import { startChild } from './child';
import { endLeftovers } from './leftovers';
import { lockDir } from './lock';
import { assertResettable, DEFAULT_PORTS, parseOptions, portOption, usageExitCode } from './options';
import { freePorts, isFree } from './ports';
import { isAlive, startTime } from './processTable';
import { loadSecrets } from './secrets';
import { alertingEnv, serviceEnv } from './services';

let dir: string;
beforeEach(async () => (dir = await mkdtemp(path.join(tmpdir(), 'rastreio-stack-'))));
afterEach(() => rm(dir, { recursive: true, force: true }));

describe('the command line', () => {
  test('has defaults, and an option for every port', () => {
    expect(parseOptions([], {})).toMatchObject({
      ports: DEFAULT_PORTS,
      database: 'auto',
      simulator: true,
      reset: false,
      preview: false,
      readOnly: false,
      signIn: false,
    });
    const args = (Object.keys(DEFAULT_PORTS) as (keyof typeof DEFAULT_PORTS)[]).flatMap((name, i) => [
      portOption(name),
      String(5000 + i),
    ]);
    expect(Object.values(parseOptions(args, {}).ports)).toEqual([
      5000, 5001, 5002, 5003, 5004, 5005, 5006, 5007, 5008, 5009,
    ]);
    expect(portOption('kafkaInternal')).toBe('--port-kafka-internal');
    expect(portOption('notices')).toBe('--port-notices');
    expect(
      parseOptions(['--no-simulator', '--reset', '--preview', '--read-only'], { GRAFANA_HOME: '/g' }),
    ).toMatchObject({
      simulator: false,
      reset: true,
      preview: true,
      readOnly: true,
      grafanaHome: '/g',
    });
    expect(parseOptions(['--sign-in'], {}).signIn).toBe(true);
    expect(parseOptions([], { GRAFANA_ANONYMOUS: 'false' }).signIn).toBe(true);
    expect(parseOptions([], { GRAFANA_ANONYMOUS: 'true' }).signIn).toBe(false);
  });

  test.each([
    [['--port-http', '70000']],
    [['--database', 'oracle']],
    [['--nothing']],
    [['extra']],
    [['--rate', '0']],
  ])('%j is a usage error', (argv) => {
    const write = jest.spyOn(process.stderr, 'write').mockReturnValue(true);
    let code: number | undefined;
    try {
      parseOptions(argv, {});
    } catch (error) {
      code = usageExitCode(error);
    }
    write.mockRestore();
    expect(code).toBe(2);
  });

  test('--reset deletes only folders that look like a stack’s', () => {
    expect(() => assertResettable('/x', ['database', 'kafka', 'vendor'])).not.toThrow();
    expect(() => assertResettable('/home/me', ['database', 'thesis.tex'])).toThrow(/thesis\.tex/);
  });
});

test('alerts go to the page of notices, and by e-mail too where there is an address', () => {
  const place = { noticesPort: 8090, prometheus: true };
  const page = { ALERT_WEBHOOK_URL: 'http://127.0.0.1:8090/avisos', SEM_PROMETHEUS: 'false' };
  expect(alertingEnv(place, { ALERT_EMAIL: '', ALERT_WEBHOOK_URL: '' })).toEqual({
    ...page,
    ALERT_CONTACT: 'rastreio',
    ALERT_EMAIL: 'nao-configurado@localhost',
    ALERT_WEBHOOK_TOKEN: '',
  });
  expect(alertingEnv(place, { ALERT_EMAIL: 'a@b.example', ALERT_WEBHOOK_TOKEN: 's' })).toEqual({
    ...page,
    ALERT_CONTACT: 'rastreio-email',
    ALERT_EMAIL: 'a@b.example',
    ALERT_WEBHOOK_TOKEN: 's',
  });
  expect(alertingEnv(place, { ALERT_WEBHOOK_URL: 'http://x/' })).toMatchObject({
    ALERT_WEBHOOK_URL: 'http://x/',
  });
});

describe('before anything is started', () => {
  const options = () => ({ ...parseOptions([], {}), dir });
  test('everything that is missing is said at once, with what to do', async () => {
    const [port = 0] = await freePorts(1);
    const server = createServer();
    await new Promise<void>((resolve) => server.listen(port, '127.0.0.1', resolve));
    try {
      const attempt = checkPrerequisites(
        { ...options(), ports: { ...DEFAULT_PORTS, http: port } },
        { PATH: dir, RASTREIO_VENDOR_DIR: dir },
      );
      await expect(attempt).rejects.toMatchObject({
        exitCode: 78,
        message: expect.stringMatching(
          /openjdk-17-jre-headless[^]*apt-get install maven[^]*--port-http/,
        ) as string,
      });
    } finally {
      server.close();
    }
  });

  test('Maven is asked for only where Kafka’s packages are not here yet', async () => {
    const env = { PATH: dir, RASTREIO_VENDOR_DIR: dir };
    await expect(checkPrerequisites(options(), env)).rejects.toThrow(/maven/);
    await mkdir(path.join(dir, 'kafka-4.4.0'));
    await expect(checkPrerequisites(options(), env)).rejects.toThrow(/^(?!.*maven)/s);
  });

  test('a second stack in the same folder is refused, a dead one’s lock taken over', async () => {
    const held = await lockDir(dir);
    await expect(lockDir(dir)).rejects.toMatchObject({
      exitCode: 78,
      message: expect.stringContaining('--dir') as string,
    });
    await held.release();
    const dead = JSON.stringify({ pid: 4_000_000, startTime: '1' });
    for (const left of [dead, '', '{"pid":', 'null', 'x', `${process.pid}`]) {
      await writeFile(path.join(dir, 'lock'), left);
      await (await lockDir(dir)).release();
    }
  });

  test('one that is stopping there is waited for, and Ctrl-C ends the wait', async () => {
    const told: string[] = [];
    const stopping = await lockDir(dir);
    await stopping.saysStopping();
    const interrupt = new AbortController();
    const waits = lockDir(dir, (text) => interrupt.abort(told.push(text)), interrupt.signal);
    await expect(waits).rejects.toMatchObject({ name: 'AbortError' });
    expect(told).toEqual([`waiting for the stack of process ${process.pid}, which is stopping in ${dir}`]);
    const next = lockDir(dir, () => void stopping.release());
    await (await next).release();
  });

  test.each(['', '{', 'null', '{"owner":1}'])(
    'a broken secrets.json (%j) is named, and never replaced',
    async (text) => {
      const file = path.join(dir, 'secrets.json');
      await writeFile(file, text);
      await expect(loadSecrets(dir)).rejects.toMatchObject({
        exitCode: 78,
        message: expect.stringContaining(file) as string,
      });
      expect(await readFile(file, 'utf8')).toBe(text);
    },
  );

  test('a service is told the addresses that it needs, and no others', () => {
    const given = { ports: DEFAULT_PORTS, brokers: 'b:1', databaseUrl: 'postgresql://w:secret@d/x' };
    const { consumer, http, simulator } = serviceEnv(given);
    expect(consumer).toMatchObject({ KAFKA_BROKERS: 'b:1', DATABASE_URL: given.databaseUrl });
    expect(JSON.stringify([http, simulator])).not.toContain('secret');
  });

  test('passwords are drawn once and readable by us only', async () => {
    const secrets = await loadSecrets(dir);
    expect(await loadSecrets(dir)).toEqual(secrets);
    expect(new Set(Object.values(secrets)).size).toBe(4);
    const { mode } = await import('node:fs/promises').then((fs) => fs.stat(path.join(dir, 'secrets.json')));
    expect(mode & 0o777).toBe(0o600);
  });

  test('free ports are free and different', async () => {
    const ports = await freePorts(5);
    expect(new Set(ports).size).toBe(5);
    for (const port of ports) expect(await isFree(port)).toBe(true);
  });
});

describe('a child process', () => {
  const child = (code: string, stopTimeoutMs = 5_000) =>
    startChild({ name: 'child', command: process.execPath, args: ['-e', code], dir, stopTimeoutMs });

  test('logs to its file, is stopped by a signal, and its group goes with it', async () => {
    const running = child(`console.log('hello'); setInterval(() => {}, 1000)`);
    while (running.tail() === '') await new Promise((resolve) => setTimeout(resolve, 20));
    expect(running.tail()).toBe('hello');
    await running.stop();
    expect(await running.ended).toBe('SIGTERM');
    expect(isAlive(running.pid)).toBe(false);
  });

  test('that ignores the signal is killed', async () => {
    const running = child(
      `process.on('SIGTERM', () => {}); console.log('deaf'); setInterval(() => {}, 1000)`,
      300,
    );
    while (running.tail() === '') await new Promise((resolve) => setTimeout(resolve, 20));
    await running.stop();
    expect(await running.ended).toBe('SIGKILL');
  });

  test('left behind by a killed run is asked to end and waited for, another process of the same id is not', async () => {
    const farewell = path.join(dir, 'farewell');
    const running = child(
      `process.on('SIGTERM', () => setTimeout(() => {
        require('node:fs').writeFileSync(${JSON.stringify(farewell)}, 'done');
        process.exit(0);
      }, 300)); console.log('up'); setInterval(() => {}, 1000)`,
    );
    while (running.tail() === '') await new Promise((resolve) => setTimeout(resolve, 20));
    const file = path.join(dir, 'run', 'child.pid');
    const text = await readFile(file, 'utf8');
    const known = JSON.parse(text) as { pid: number; startTime: string };
    expect(known).toEqual({ pid: running.pid, startTime: startTime(running.pid), stopSignal: 'SIGTERM' });
    await writeFile(file, JSON.stringify({ ...known, startTime: 'another' }));
    expect(await endLeftovers(dir, ['child'])).toEqual([]);
    expect(running.isRunning()).toBe(true);
    await writeFile(file, text);
    expect(await endLeftovers(dir, ['child', 'nobody'])).toEqual(['child']);
    expect(isAlive(running.pid)).toBe(false);
    expect(await readFile(farewell, 'utf8')).toBe('done');
  });

  test('left behind that does not end when asked is killed', async () => {
    const running = child(
      `process.on('SIGTERM', () => {}); console.log('deaf'); setInterval(() => {}, 1000)`,
    );
    while (running.tail() === '') await new Promise((resolve) => setTimeout(resolve, 20));
    expect(await endLeftovers(dir, ['child'], 100)).toEqual(['child']);
    expect(await running.ended).toBe('SIGKILL');
  });
});
