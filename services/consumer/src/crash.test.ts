// Shows G2 of docs/guarantees.md.
import { isBrokerAway } from '@rastreio/kafka';
import { OperatorError } from '@rastreio/runtime';
import {
  KafkaJSConnectionError,
  KafkaJSGroupCoordinatorNotFound,
  KafkaJSNonRetriableError,
  KafkaJSProtocolError,
} from 'kafkajs';
import { needsPerson } from './crash';

// What kafkajs does; its types leave arguments out.
const wrapped = (cause: Error) => Object.assign(new KafkaJSNonRetriableError('wrapped'), { cause });

test('a coordinator that is not found yet, as after a broker’s restart, is waited for although kafkajs calls it final', () => {
  const error = wrapped(Reflect.construct(KafkaJSGroupCoordinatorNotFound, ['not found']) as Error);
  expect(error.retriable).toBe(false);
  expect([isBrokerAway(error), needsPerson(error)]).toEqual([true, false]);
  expect(isBrokerAway(wrapped(new KafkaJSConnectionError('refused')))).toBe(true);
});

test('a broker that kafkajs asks while its connection is lost is waited for', async () => {
  // Found by npm run chaos -- --seed 548: a broker killed while a consumer restarted ended it.
  type Broker = new (parts: object) => { metadata: (topics: string[]) => Promise<unknown> };
  const Broker = jest.requireActual<Broker>('kafkajs/src/broker');
  const broker = new Broker({ connectionPool: {}, logger: { namespace: () => ({}) }, nodeId: 1 });
  const error: unknown = await broker.metadata([]).catch((thrown: unknown) => thrown);
  expect(error).toBeInstanceOf(Error);
  expect([isBrokerAway(error), needsPerson(error)]).toEqual([true, false]);
});

test('what a broker refuses, what cannot be read and what only a person mends is not waited for', () => {
  const refused = wrapped(
    new KafkaJSProtocolError({ type: 'GROUP_AUTHORIZATION_FAILED', code: 30, message: 'no' } as never),
  );
  expect(isBrokerAway(refused)).toBe(false);
  expect(isBrokerAway(new RangeError('a damaged batch'))).toBe(false);
  expect(needsPerson(wrapped(new OperatorError('mend it')))).toBe(true);
});
