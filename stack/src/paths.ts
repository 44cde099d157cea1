import path from 'node:path';

/** The checkout this file belongs to. */
export const REPO_ROOT = path.resolve(__dirname, '../..');

/** Where downloaded programs are kept, shared by all stacks of a checkout: RASTREIO_VENDOR_DIR or `.stack/vendor`. */
export function vendorDir(env: Readonly<Record<string, string | undefined>> = process.env): string {
  const set = env.RASTREIO_VENDOR_DIR;
  return set === undefined || set === '' ? path.join(REPO_ROOT, '.stack', 'vendor') : path.resolve(set);
}
