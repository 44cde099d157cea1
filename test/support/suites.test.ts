import { Suites, timeTable } from './suites';

test('a command counts as one that passed or failed, and its time is kept', async () => {
  const shown = jest.spyOn(process.stdout, 'write').mockReturnValue(true);
  const suites = new Suites();
  await Promise.all([suites.command('good', 'exit 0'), suites.command('slow and bad', 'sleep 1; exit 3')]);
  suites.close();
  shown.mockRestore();
  expect([suites.passed, suites.failed]).toEqual([1, 1]);
  expect(suites.steps.map(({ title, ok }) => [title, ok])).toEqual([
    ['good', true],
    ['slow and bad', false],
  ]);
  expect(suites.steps[1]?.seconds).toBeGreaterThanOrEqual(1);
});

test('the longest step comes first, and one that failed says so', () => {
  const steps = [
    { title: 'lint', ok: true, seconds: 36 },
    { title: 'plugin tests', ok: false, seconds: 155 },
  ];
  expect(timeTable(steps)).toBe('plugin tests   155 s  failed\nlint            36 s\n');
});
