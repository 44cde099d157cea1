import { Command } from 'commander';
import { refuseSwallowed } from './program';

const command = new Command('stack')
  .option('--reset', 'forget')
  .option('--no-simulator', 'quiet')
  .option('--port-http <n>', 'port');

describe('options that npm kept for itself', () => {
  test.each([
    ['start', { npm_config_reset: 'true' }, '--reset', 'npm start -- --reset'],
    ['start', { npm_config_simulator: '' }, '--no-simulator', 'npm start -- --no-simulator'],
    ['stack:run', { npm_config_port_http: 'true' }, '--port-http', 'npm run stack:run -- --port-http'],
    [
      'start',
      { npm_config_reset: '', npm_config_port_http: '1' },
      '--reset, --port-http',
      'npm start -- --reset --port-http',
    ],
  ])('of %s %j are named', (script, settings, named, right) => {
    const attempt = () => refuseSwallowed(command, { npm_lifecycle_event: script, ...settings });
    expect(attempt).toThrow(`npm kept ${named} for itself; put "--" before the options: ${right}`);
    expect(attempt).toThrow(expect.objectContaining({ exitCode: 2 }) as Error);
  });

  test('settings of npm itself, and ours outside of npm, are let be', () => {
    refuseSwallowed(command, { npm_lifecycle_event: 'start', npm_config_loglevel: 'silent' });
    refuseSwallowed(command, { npm_config_reset: 'true' });
  });
});
