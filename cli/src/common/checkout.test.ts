import { tmpdir } from 'node:os';
import path from 'node:path';
import { EXIT } from '@rastreio/runtime';
import { runRastreio } from '@rastreio/testing/command';
import { needFiles } from './checkout';

test('in a checkout nothing is missing', () => {
  expect(() => needFiles(['package.json', 'dashboards', 'provisioning/datasources'])).not.toThrow();
});

test.each(['lint', 'pull', 'check', 'apply'])(
  'grafana %s --root of a folder that is none says which file it lacks',
  async (command) => {
    const root = path.join(tmpdir(), 'nothing-here');
    const { code, stderr } = await runRastreio(['grafana', command, '--root', root]);
    expect(stderr).toContain(
      `This command needs dashboards, which ${root} lacks: give the folder of a checkout as --root`,
    );
    expect(code).toBe(EXIT.usage);
  },
);
