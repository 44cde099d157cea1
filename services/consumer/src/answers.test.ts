import { Registry } from 'prom-client';
import { createAnswers, SILENT_AFTER_MS } from './answers';

test('a server that has been silent for too long is missing, and its last answer can be read', async () => {
  let now = 1_000_000;
  const registry = new Registry();
  const answers = createAnswers(registry, () => now);
  expect(answers.missing()).toBeNull();
  now += SILENT_AFTER_MS - 1;
  answers.answered('database');
  expect(answers.missing()).toBeNull();
  now += 1;
  expect(answers.missing()).toMatch(/^Kafka at KAFKA_BROKERS has not answered for 30 s/);
  answers.answered('kafka');
  expect(answers.missing()).toBeNull();
  now += SILENT_AFTER_MS - 1;
  answers.answered('kafka');
  expect(answers.missing()).toMatch(/^the database at DATABASE_URL has not answered for 30 s/);
  const metrics = await registry.metrics();
  expect(metrics).toContain('rastreio_kafka_answered_timestamp_seconds 1059.999');
  expect(metrics).toContain('rastreio_database_answered_timestamp_seconds 1029.999');
});

test('a refusal is told at once, with its reason, until the next answer', () => {
  const answers = createAnswers(new Registry());
  answers.failed('database', 'password authentication failed');
  expect(answers.missing()).toBe(
    'the database at DATABASE_URL does not answer: password authentication failed',
  );
  answers.answered('database');
  expect(answers.missing()).toBeNull();
});
