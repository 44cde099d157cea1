import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { Publisher } from '@rastreio/kafka';
import type { FastifyInstance } from 'fastify';
import { EVENT, kafka, log, metrics, openPublisher, openSource, post, WRONG } from '../../test/httpSource';
import { freshTopic } from '@rastreio/testing/topic';
import { makeKey, openKeyRing, type KeyRing } from './keys';

let publisher: Publisher;
beforeAll(async () => {
  publisher = await openPublisher(await freshTopic(kafka, 1));
});
afterAll(() => publisher.close());

describe('keys and limits', () => {
  let dir: string;
  let ring: KeyRing;
  const [good, small, old] = [makeKey(), makeKey(), makeKey()];
  const bearer = (key: string) => ({ headers: { authorization: `Bearer ${key}` } });
  let guarded: FastifyInstance;
  beforeAll(async () => {
    dir = await mkdtemp(path.join(tmpdir(), 'rastreio-keys-'));
    const entries = [
      `  - { carrier: correios, sha256: ${good.sha256} }`,
      `  - { carrier: pequena, sha256: ${small.sha256}, events_per_minute: 4 }`,
      `  - { carrier: antiga, sha256: ${old.sha256}, expires: "2026-01-01T00:00:00Z" }`,
    ];
    await writeFile(path.join(dir, 'keys.yaml'), `keys:\n${entries.join('\n')}\n`);
    ring = await openKeyRing({ file: path.join(dir, 'keys.yaml'), graceMs: 60_000, log });
    guarded = await openSource({ publisher, keys: ring });
  });
  afterAll(async () => {
    ring.close();
    await guarded.close();
    await rm(dir, { recursive: true, force: true });
  });

  test('without a valid key nothing is read: absent, unknown, expired, of another scheme', async () => {
    for (const headers of [
      {},
      bearer(makeKey().key).headers,
      bearer(old.key).headers,
      { authorization: `Basic ${good.key}` },
    ]) {
      const answer = await post(guarded, EVENT, { headers });
      expect([answer.statusCode, answer.headers['www-authenticate']]).toEqual([
        401,
        'Bearer realm="rastreio"',
      ]);
    }
    expect((await post(guarded, EVENT, bearer(good.key))).statusCode).toBe(202);
    expect((await guarded.inject('/readyz')).statusCode).toBe(200);
  });

  test('a carrier over its minute gets 429 with Retry-After; others go on', async () => {
    const ask = () => post(guarded, [EVENT, EVENT, EVENT], bearer(small.key));
    expect((await ask()).statusCode).toBe(202);
    const over = await ask();
    expect([over.statusCode, over.json<{ title: string }>().title]).toEqual([429, 'Over your limit']);
    expect(Number(over.headers['retry-after'])).toBeGreaterThan(0);
    expect((await post(guarded, EVENT, bearer(good.key))).statusCode).toBe(202);
  });

  test('events are counted by carrier and refused ones by reason', async () => {
    await post(guarded, [EVENT, WRONG], bearer(good.key));
    const text = await metrics.registry.metrics();
    expect(text).toMatch(/rastreio_http_accepted_events_total\{carrier="correios"\} [1-9]/);
    expect(text).toMatch(/rastreio_http_refused_events_total\{carrier="correios",reason="out_of_range"\} 1/);
    expect(text).toMatch(/rastreio_http_request_duration_seconds_bucket\{le="0.001",status="202"\}/);
  });
});
