import { setTimeout as sleep } from 'node:timers/promises';
import { sideBySide } from './sideBySide';

const never = new AbortController().signal;

test('parts go on at the same time, and one has what another one made', async () => {
  const group = sideBySide(never);
  let met: () => void = () => undefined;
  const meeting = new Promise<void>((resolve) => (met = resolve));
  const first = group.run(async () => {
    await meeting;
    return 2;
  });
  const second = group.run(async () => {
    met();
    return (await first) + 1;
  });
  await group.ended();
  expect([await first, await second]).toEqual([2, 3]);
});

test('the first failure ends the others, which are waited for, and those that wait for it', async () => {
  const group = sideBySide(never);
  const seen: string[] = [];
  const broken = group.run(() => Promise.reject(new Error('no Java')));
  void group.run(async (signal) => {
    await sleep(600_000, undefined, { signal }).catch(() => undefined);
    await sleep(1);
    seen.push('stopped');
  });
  const waits = group.run(async () => {
    await broken;
    seen.push('started');
  });
  await expect(group.ended()).rejects.toThrow('no Java');
  expect(seen).toEqual(['stopped']);
  await expect(waits).rejects.toThrow('no Java');
});

test('the outer signal ends all, with its reason, and nothing begins after it', async () => {
  const outer = new AbortController();
  const group = sideBySide(outer.signal);
  const part = group.run((signal) => sleep(600_000, undefined, { signal }));
  outer.abort(new Error('Ctrl-C'));
  await expect(group.ended()).rejects.toThrow('Ctrl-C');
  await expect(part).rejects.toThrow();
  const begun = jest.fn(() => Promise.resolve());
  await expect(group.run(begun)).rejects.toThrow('Ctrl-C');
  expect(begun).not.toHaveBeenCalled();
});
