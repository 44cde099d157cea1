import { mkdtemp, rm } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { pullUntil, startCarrier, type Carrier, type Pulled } from '../../test/carrier';
import { EVENT } from '../../test/source';
import { nextLink } from './nextLink';

const BASE = 'https://carrier.example/eventos?p=1';

test.each<[string, string | undefined]>([
  ['</e?p=2>; rel="next"', 'https://carrier.example/e?p=2'],
  ['</e?p=2>; title="a, b"; rel="next"', 'https://carrier.example/e?p=2'],
  ['</e?p=2>; title="a; rel=prev, <x>"; rel=next', 'https://carrier.example/e?p=2'],
  ['</e?p=2>;rel=next;title="x"', 'https://carrier.example/e?p=2'],
  ['<?p=2> ; REL = "Next"', 'https://carrier.example/eventos?p=2'],
  ['</e?p=2>; rel="last next"', 'https://carrier.example/e?p=2'],
  ['</a>; rel="prev", </e?p=2,3>; rel="next"', 'https://carrier.example/e?p=2,3'],
  [`</e?p=2>; title*=UTF-8''S%C3%A3o; rel="next"`, 'https://carrier.example/e?p=2'],
  ['</e?p=2>; title="a \\" b"; rel="next"', 'https://carrier.example/e?p=2'],
  ['</e?p=2#part>; rel="next"', 'https://carrier.example/e?p=2'],
  ['<https://carrier.example/x>; rel="next"; rel="prev"', 'https://carrier.example/x'],
  ['</e?p=2>; rel="prev"; title="next"', undefined],
  ['</e?p=2>; rel="nextpage"', undefined],
  ['</other>; rel="next"; anchor="/another"', undefined],
  ['</e>; rel=next; anchor="/a", </e?p=2>; rel=next', 'https://carrier.example/e?p=2'],
  ['', undefined],
])('Link: %s', (header, next) => {
  expect(nextLink(header, BASE)).toBe(next);
});

test.each([
  [
    '<https://other.example/x>; rel="next"',
    /"https:\/\/other\.example" is not on https:\/\/carrier\.example/,
  ],
  ['<http://carrier.example/x>; rel="next"', /is not on https:\/\/carrier\.example/],
  ['<//other.example/x>; rel="next"', /is not on/],
  ['<https://carrier.example:444/x>; rel="next"', /is not on/],
  ['<javascript:alert(1)>; rel="next"', /is not on/],
  ['<http://[>; rel="next"', /is none/],
  ['</e?p=2; rel="next"', /Link .*ask the carrier/],
  ['garbage', /Link "garbage": .*ask the carrier/],
  ['</a>; rel=preload; crossorigin, </e?p=2>; rel="next"', /no parameter; ask the carrier/],
])('Link: %s cannot be followed, which is said', (header, problem) => {
  expect(() => nextLink(header, BASE)).toThrow(problem);
});

test('an address that grows with every page comes to an end', () => {
  expect(() => nextLink(`</${'a'.repeat(9_000)}>; rel="next"`, BASE)).toThrow(/longer than 8192 characters/);
});

describe('over HTTP', () => {
  let dir: string;
  let carrier: Carrier;
  beforeEach(async () => {
    dir = await mkdtemp(path.join(tmpdir(), 'rastreio-pages-'));
    carrier = await startCarrier();
  });
  afterEach(async () => {
    carrier.close();
    await rm(dir, { recursive: true, force: true });
  });
  const run = (done: (so: Pulled) => boolean, more = {}) =>
    pullUntil(done, { url: carrier.url, stateFile: path.join(dir, 'state.json'), ...more });
  const event = (id: number) => JSON.stringify({ ...EVENT, id_pacote: id });
  const ids = ({ messages }: Pulled) => messages.map(({ key }) => Number(key));

  test('a title with a comma leads to page 2 all the same', async () => {
    carrier.answer = ({ url }, response) => {
      if (url === '/eventos') response.setHeader('link', '</eventos?p=2>; title="a, b"; rel="next"');
      response.end(`[${event(url === '/eventos' ? 1 : 2)}]`);
    };
    expect(ids(await run(({ polls }) => polls.length >= 2)).slice(0, 2)).toEqual([1, 2]);
  });

  test('a Link that leads nowhere does not keep the page’s own events away', async () => {
    carrier.answer = (_request, response) => {
      response.setHeader('link', '<http://other.example/x>; rel="next"');
      response.end(`[${event(1)}]`);
    };
    const pulled = await run(({ polls }) => polls.length >= 2);
    expect([pulled.polls[0], ids(pulled)[0]]).toEqual(['failed', 1]);
    expect(pulled.warnings[0]).toMatch(/other\.example" is not on/);
  });

  test('pages in a circle are waited for, and said', async () => {
    carrier.answer = ({ url }, response) => {
      response.setHeader('link', `</eventos?p=${url?.endsWith('p=1') === true ? 2 : 1}>; rel="next"`);
      response.end(`[${event(1)}]`);
    };
    const pulled = await run(({ polls, warnings }) => polls.length >= 3 && warnings.length > 0, {
      intervalMs: 60_000,
    });
    expect(pulled.warnings[0]).toMatch(/circle/);
    expect(pulled.polls.length).toBeLessThan(5);
  });

  test('pages without end are read so many at a time', async () => {
    carrier.answer = ({ url = '' }, response) => {
      const page = Number(/p=(\d+)/.exec(url)?.[1] ?? 0) + 1;
      response.setHeader('link', `</eventos?p=${page}>; rel="next"`);
      response.end(`[${event(page)}]`);
    };
    const pulled = await run(({ warnings }) => warnings.length > 0, {
      intervalMs: 60_000,
      maxPagesInARow: 20,
    });
    expect([pulled.warnings[0], pulled.polls.length]).toEqual([expect.stringMatching(/do not end/), 20]);
  });

  test('redirects are followed on the carrier’s host, with the key; one to another host is refused, and no key goes there', async () => {
    const asked: (string | undefined)[] = [];
    const other = createServer((request, response) => {
      asked.push(request.headers.authorization);
      response.end('[]');
    }).listen(0, '127.0.0.1');
    await new Promise((resolve) => other.once('listening', resolve));
    const elsewhere = `http://127.0.0.1:${(other.address() as AddressInfo).port}/`;
    carrier.answer = ({ url, headers }, response) => {
      if (url === '/eventos') return void response.writeHead(307, { location: '/novo' }).end();
      expect(headers.authorization).toBe('Bearer secret');
      response.end(`[${event(1)}]`);
    };
    expect(ids(await run(({ polls }) => polls.length >= 1))[0]).toBe(1);
    for (const status of [301, 302, 303, 307, 308]) {
      carrier.answer = (_request, response) => void response.writeHead(status, { location: elsewhere }).end();
      const pulled = await run(({ polls }) => polls.length >= 1);
      expect(pulled.warnings[0]).toMatch(
        `the redirect (${status}) to "${new URL(elsewhere).origin}" is not on`,
      );
    }
    carrier.answer = (_request, response) => void response.writeHead(302, { location: '/eventos' }).end();
    expect((await run(({ polls }) => polls.length >= 1)).warnings[0]).toMatch(/more than 5 redirects/);
    expect(asked).toEqual([]);
    other.close();
  });

  test.each([
    ['0', 300],
    ['-5', 300],
    ['2', 2_000],
    ['999999999', 3_600_000],
    ['Fri, 31 Dec 9999 23:59:59 GMT', 3_600_000],
  ])(
    '429 with Retry-After %s is waited for %i ms, and an error without end is not read whole',
    async (after, delayMs) => {
      carrier.answer = (_request, response) => {
        response.writeHead(429, { 'retry-after': after });
        const more = () => void (response.destroyed || response.write('x'.repeat(65_536), more));
        more();
      };
      const pulled = await run(({ delays }) => delays.length > 0, {
        backoff: { firstDelayMs: 300, maxDelayMs: 300 },
      });
      expect([pulled.polls[0], pulled.warnings[0], pulled.delays[0]]).toEqual([
        'failed',
        `status 429: ${'x'.repeat(200)}`,
        delayMs,
      ]);
    },
  );
});
