import { chmod, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { buildIfOld, createProgress, freePorts, startDatabase } from '@rastreio/stack';
import { build } from 'esbuild';
import { KINDS_DASHBOARD } from './kinds';
import { LIVE } from './live';
import { ROOT, startPreview } from './preview';
import { buildPreviewOnReact19 } from './react19';
import { VARIANTS } from './variants';

/**
 * Starts PostgreSQL and a preview that serves the gallery in every shape; bundles what the tests ask of a
 * page; tells them by GALLERY_URL, GALLERY_URL_REACT_19 and GALLERY_SCRIPT.
 */
export default async function globalSetup(): Promise<void> {
  const log = { info: (text: unknown) => void process.stderr.write(`gallery: ${String(text)}\n`) };
  const progress = createProgress(process.stderr);
  await buildIfOld('plugins/tracking-panel', progress);
  await buildIfOld('services/preview', progress);
  const dir = await mkdtemp(path.join(tmpdir(), 'rastreio-gallery-'));
  // As root, the database runs as another user, who has to get in.
  await chmod(dir, 0o711);
  const dashboards = path.join(dir, 'dashboards');
  await mkdir(dashboards);
  for (const gallery of new Set([...VARIANTS.map((variant) => variant.gallery), LIVE, KINDS_DASHBOARD]))
    await writeFile(path.join(dashboards, `${gallery.uid}.json`), JSON.stringify(gallery));
  const [port = 0] = await freePorts(1);
  const database = await startDatabase({
    provider: 'embedded',
    dir: path.join(dir, 'database'),
    port,
    log,
  });
  const settings = { home: ROOT, dashboardDirs: [dashboards], adminUrl: database.adminUrl };
  const preview = await startPreview(settings);
  process.env.GALLERY_URL = preview.url;
  const webDir = path.join(dir, 'react-19');
  await buildPreviewOnReact19(webDir);
  const onReact19 = await startPreview({ ...settings, webDir });
  process.env.GALLERY_URL_REACT_19 = onReact19.url;
  process.env.GALLERY_SCRIPT = path.join(dir, 'page.js');
  await build({
    entryPoints: [path.join(__dirname, '../page/index.ts')],
    outfile: process.env.GALLERY_SCRIPT,
    ...{ bundle: true, format: 'iife', globalName: 'gallery', target: 'es2022' },
    footer: { js: 'globalThis.gallery = gallery;' },
  });
  (globalThis as { stopGallery?: () => Promise<void> }).stopGallery = async () => {
    await preview.stop();
    await onReact19.stop();
    await database.stop();
    await rm(dir, { recursive: true, force: true });
  };
}
