import { KafkaJSConnectionError, type Admin } from 'kafkajs';
import { askAgain } from './askAgain';

const AWAY = new KafkaJSConnectionError('refused');

/** Stands in for kafkajs's: what it answers in turn. */
function adminWith(answers: (string[] | Error)[]) {
  const asked = { times: 0 };
  const listTopics = () => {
    asked.times++;
    const answer = answers.shift() ?? [];
    return answer instanceof Error ? Promise.reject(answer) : Promise.resolve(answer);
  };
  const admin = { listTopics, disconnect: () => Promise.resolve() };
  return { admin: admin as Partial<Admin> as Admin, asked };
}

test('a stand-in admin whose broker is away is asked again, and one that refuses is not', async () => {
  const away = adminWith([AWAY, AWAY, ['a']]);
  expect(await askAgain(away.admin, {}).listTopics()).toEqual(['a']);
  const refuses = adminWith([new RangeError('no such thing')]);
  await expect(askAgain(refuses.admin, {}).listTopics()).rejects.toThrow('no such thing');
  expect(refuses.asked.times).toBe(1);
});

test('a stand-in admin of a client that does not try again is asked once', async () => {
  const away = adminWith([AWAY]);
  await expect(askAgain(away.admin, { retries: 0 }).listTopics()).rejects.toBe(AWAY);
  expect(away.asked.times).toBe(1);
});

test('a stand-in admin that was left meanwhile is not asked again: it would connect', async () => {
  const away = adminWith([AWAY]);
  const admin = askAgain(away.admin, {});
  const asking = admin.listTopics();
  await admin.disconnect();
  await expect(asking).rejects.toBe(AWAY);
  expect(away.asked.times).toBe(1);
});
