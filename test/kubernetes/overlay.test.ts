import { existsSync } from 'node:fs';
import path from 'node:path';
import { parse } from 'yaml';
import { ROOT } from '../compose/render';
import { documents, type Doc, type Kustomization } from './documents';
import { PAGE, yamlIn } from './page';

// The overlay that docs/kubernetes.md prints changes what there is and nothing else; kustomize would say so only where it runs.
interface Overlay extends Kustomization {
  readonly patches: readonly { readonly patch: string }[];
}

const overlay = yamlIn(PAGE, 'patches') as Overlay;
const all = documents('all');
const containersOf = (doc?: Doc) => doc?.spec?.template?.spec?.containers ?? [];

test('it lists a folder of ours, beside which it lies', () => {
  for (const resource of overlay.resources) {
    const [up, checkout, ...folder] = resource.split('/');
    expect([up, checkout]).toEqual(['..', 'rastreio']);
    expect(existsSync(path.join(ROOT, ...folder, 'kustomization.yaml'))).toBe(true);
  }
});

test('it says where every image of ours is', () => {
  const used = all.flatMap((doc) => containersOf(doc)).map(({ image }) => image.replace(/:.*/, ''));
  expect((overlay.images ?? []).map(({ name }) => name).sort()).toEqual([...new Set(used)].sort());
  for (const { newName, newTag } of overlay.images ?? [])
    expect([newName, newTag]).toEqual([expect.any(String), expect.any(String)]);
});

test('it patches what is there', () => {
  for (const { patch } of overlay.patches) {
    const patched = parse(patch) as Doc;
    const { kind, metadata, spec } = patched;
    const target = all.find((doc) => doc.kind === kind && doc.metadata.name === metadata.name);
    expect([metadata.name, Object.keys(target?.spec ?? {})]).toEqual([
      metadata.name,
      expect.arrayContaining(Object.keys(spec ?? {})),
    ]);
    for (const { name, env = [] } of containersOf(patched)) {
      const container = containersOf(target).find((one) => one.name === name);
      expect((container?.env ?? []).map((one) => one.name)).toEqual(
        expect.arrayContaining(env.map((one) => one.name)),
      );
    }
  }
});
