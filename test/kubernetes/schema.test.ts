import { spawnSync } from 'node:child_process';
import { existsSync, readdirSync } from 'node:fs';
import path from 'node:path';
import { documents, FOLDER, folders, kustomization, PLAIN, type Doc } from './documents';
import { PAGE, yamlIn } from './page';
import { moduleOf, typeErrors } from './types';

const files = [...documents('demo'), ...documents('pull')];
/** The Cluster with what the page says of a restore. */
const restored = files
  .filter(({ kind }) => kind === 'Cluster')
  .map((doc) => ({ ...doc, spec: { ...doc.spec, ...(yamlIn(PAGE, 'spec') as Doc).spec } }));
const all = [...files, ...restored];

test('every file is listed where it lies, and kustomize changes nothing but namespace and images', () => {
  for (const folder of folders) {
    const { resources, ...rest } = kustomization(folder);
    expect([folder, Object.keys(rest).filter((key) => !PLAIN.includes(key))]).toEqual([folder, []]);
    const there = readdirSync(path.join(FOLDER, folder)).filter((file) => file !== 'kustomization.yaml');
    expect(resources.filter((resource) => resource.endsWith('.yaml')).sort()).toEqual(there.sort());
    for (const other of resources.filter((resource) => !resource.endsWith('.yaml')))
      expect([other, existsSync(path.join(FOLDER, folder, other, 'kustomization.yaml'))]).toEqual([
        other,
        true,
      ]);
  }
  expect(new Set(files.map(({ kind, metadata }) => `${kind} ${metadata.name}`)).size).toBe(files.length);
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
