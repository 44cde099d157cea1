import { waitUntil } from './waitUntil';

test('the end of what is waited for is told at once, also while a question to it hangs', async () => {
  let running = true;
  let end: (how: string) => void = () => undefined;
  const ended = new Promise<string>((resolve) => (end = resolve)).finally(() => (running = false));
  const child = {
    name: 'kafka',
    logFile: '/l',
    ended,
    isRunning: () => running,
    tail: () => 'no space left',
  };
  const waits = waitUntil('Kafka', () => new Promise<never>(() => undefined), { child });
  end('exit code 1');
  await expect(waits).rejects.toThrow('kafka ended with exit code 1. The end of /l:\nno space left');
});
