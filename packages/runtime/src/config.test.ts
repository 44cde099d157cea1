import { z } from 'zod';
import { OperatorError } from './exitCodes';
import { loadConfig } from './config';

const schema = z.object({
  HTTP_PORT: z.coerce.number().int().min(0).max(65535).default(8080),
  DATABASE_URL: z.string().startsWith('postgresql://'),
  KAFKA_BROKERS: z.string().min(1),
});

test('defaults fill in, unrelated variables are ignored and an empty variable counts as unset', () => {
  const config = loadConfig(schema, {
    HTTP_PORT: '',
    DATABASE_URL: 'postgresql://h/d',
    KAFKA_BROKERS: 'h:1',
    PATH: '/bin',
  });
  expect(config).toEqual({ HTTP_PORT: 8080, DATABASE_URL: 'postgresql://h/d', KAFKA_BROKERS: 'h:1' });
});

test('all wrong settings are reported at once, without showing secrets, with exit code 78', () => {
  const attempt = () => loadConfig(schema, { HTTP_PORT: 'many', DATABASE_URL: 'mysql://u:hunter2@h/d' });
  expect(attempt).toThrow(OperatorError);
  expect(attempt).toThrow(/HTTP_PORT=many[^]*DATABASE_URL=\(hidden\)[^]*KAFKA_BROKERS=\(not set\)/);
  expect(attempt).not.toThrow(/hunter2/);
});
