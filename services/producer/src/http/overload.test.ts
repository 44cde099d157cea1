// Shows G6 of docs/guarantees.md.
import { setTimeout as sleep } from 'node:timers/promises';
import type { Publisher } from '@rastreio/kafka';
import { EVENT, kafka, LIMITS, openPublisher, openSource, post, postLines } from '../../test/httpSource';
import { freshTopic } from '@rastreio/testing/topic';

let publisher: Publisher;
beforeAll(async () => {
  publisher = await openPublisher(await freshTopic(kafka, 1));
});
afterAll(() => publisher.close());

describe('with a stand-in for a broker that hangs', () => {
  const hanging = (): Publisher => ({ ...publisher, send: () => new Promise(() => undefined) });
  const tight = { ...LIMITS, ackTimeoutMs: 50, maxPendingEvents: 5 };

  test('the answer is 503 with Retry-After, and the memory for waiting events is bounded', async () => {
    const waiting = await openSource({ publisher: hanging(), limits: tight });
    const ask = () => post(waiting, [EVENT, EVENT, EVENT]);
    const late = await ask();
    expect([late.statusCode, late.headers['retry-after']]).toEqual([503, '5']);
    expect(late.json()).toMatchObject({ type: 'urn:rastreio:problem:no-acknowledgement' });
    const full = await ask();
    expect([full.statusCode, full.json<{ title: string }>().title]).toEqual([503, 'Overloaded']);
    await waiting.close();
  });

  test('a stream that has to stop says after which line to go on', async () => {
    let calls = 0;
    const once: Publisher = {
      ...publisher,
      send: (m) => (++calls > 1 ? new Promise(() => undefined) : publisher.send(m)),
    };
    const waiting = await openSource({
      publisher: once,
      limits: { ...tight, ackTimeoutMs: 2_000, maxPendingEvents: 10_000 },
    });
    const answer = await postLines(waiting, new Array(1_500).fill(EVENT));
    expect(answer.json()).toMatchObject({ status: 503, accepted: 1_000, continue_after_line: 1_000 });
    await waiting.close();
  });

  test('bodies being read are bounded together', async () => {
    const waiting = await openSource({
      publisher: hanging(),
      limits: { ...LIMITS, ackTimeoutMs: 300, maxPendingBytes: 300 },
    });
    const url = `${await waiting.listen({ host: '127.0.0.1', port: 0 })}/eventos`;
    const ask = async (body: unknown) => {
      const headers = { 'content-type': 'application/json' };
      return (await fetch(url, { method: 'POST', headers, body: JSON.stringify(body) })).json();
    };
    const first = ask(EVENT);
    await sleep(100);
    expect(await ask([EVENT, EVENT])).toMatchObject({ status: 503, title: 'Overloaded' });
    await first;
    // What was held is given back.
    expect(await ask(EVENT)).toMatchObject({ type: 'urn:rastreio:problem:no-acknowledgement' });
    await waiting.close();
  });
});
