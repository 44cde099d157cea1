import { spawnSync } from 'node:child_process';
import { existsSync, readdirSync } from 'node:fs';
import path from 'node:path';
import { documents, FOLDER, folders, kustomization, PLAIN, type Doc } from './documents';
import { moduleOf, typeErrors } from './types';

const all = [...documents('demo'), ...documents('pull')];

test('every file is listed where it lies, and kustomize changes nothing but namespace and images', () => {
  for (const folder of folders) {
    const { resources, ...rest } = kustomization(folder);
    expect([folder, Object.keys(rest).filter((key) => !PLAIN.includes(key))]).toEqual([folder, []]);
    const files = readdirSync(path.join(FOLDER, folder)).filter((file) => file !== 'kustomization.yaml');
    expect(resources.filter((resource) => resource.endsWith('.yaml')).sort()).toEqual(files.sort());
    for (const other of resources.filter((resource) => !resource.endsWith('.yaml')))
      expect([other, existsSync(path.join(FOLDER, folder, other, 'kustomization.yaml'))]).toEqual([
        other,
        true,
      ]);
  }
  expect(new Set(all.map(({ kind, metadata }) => `${kind} ${metadata.name}`)).size).toBe(all.length);
});

test('each document is what Kubernetes, Strimzi, CloudNativePG and KEDA describe', () => {
  const bySchema = (docs: readonly Doc[]) => {
    const { stdout, stderr } = spawnSync(process.execPath, [path.join(__dirname, 'validate.mjs')], {
      input: JSON.stringify(docs.map((document) => ({ module: moduleOf(document), document }))),
      encoding: 'utf8',
    });
    return stdout === '' ? stderr : (JSON.parse(stdout) as string[]);
  };
  expect(bySchema(all)).toEqual([]);
  const [job] = all.filter(({ kind }) => kind === 'Job');
  expect(bySchema([{ ...job, spec: { backoffLimit: 'often' } } as unknown as Doc])).toHaveLength(1);
});

test('no field is misspelt', () => {
  const [pod] = all.filter(({ kind }) => kind === 'Deployment');
  const misspelt = { ...pod, spec: { ...pod?.spec, replcas: 2 } } as unknown as Doc;
  // One look for both: it costs a second.
  expect(typeErrors([...all, misspelt])).toEqual([expect.stringContaining('replcas')]);
});
