import { Writable } from 'node:stream';
import { createProgress } from './progress';

function recorder() {
  const lines: string[] = [];
  const stream = new Writable({
    write(text, _encoding, done) {
      lines.push(String(text));
      done();
    },
  });
  return { lines, stream };
}

test('a part has one line, with what came of it; one that fails has none, since its error is told', async () => {
  const { lines, stream } = recorder();
  const progress = createProgress(stream, 600_000);
  const result = await progress.step(
    'Database',
    () => Promise.resolve('plain'),
    (kind) => `${kind} PostgreSQL`,
  );
  expect(result).toBe('plain');
  await expect(progress.step('Kafka', () => Promise.reject(new Error('no Java')))).rejects.toThrow('no Java');
  expect(lines).toEqual([expect.stringMatching(/^Database: \d+\.\d s, plain PostgreSQL\n$/)]);
});

test('a long part is named while it goes on, and what strangers wrote moves no cursor', async () => {
  const { lines, stream } = recorder();
  const progress = createProgress(stream, 0);
  let end: () => void = () => undefined;
  const step = progress.step('Kafka', () => new Promise<void>((resolve) => (end = resolve)));
  while (lines.length === 0) await new Promise((resolve) => setTimeout(resolve, 1));
  progress.note('log: \u001b[2J');
  end();
  await step;
  expect(lines).toEqual(['Kafka ...\n', '  log: \\u001b[2J\n', expect.stringMatching(/^Kafka: /)]);
});
