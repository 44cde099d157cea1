import { chmod, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { freePorts, startDatabase } from '@rastreio/stack';
import { build } from 'esbuild';
import { buildWhatIsOld } from './builds';
import { LIVE } from './live';
import { ROOT, startPreview } from './preview';
import { VARIANTS } from './variants';

/**
 * Starts PostgreSQL and a preview that serves the gallery in every shape; bundles what the tests ask of a
 * page; tells them by GALLERY_URL and GALLERY_SCRIPT.
 */
export default async function globalSetup(): Promise<void> {
  const log = { info: (text: unknown) => void process.stderr.write(`gallery: ${String(text)}\n`) };
  await buildWhatIsOld(log.info);
  const dir = await mkdtemp(path.join(tmpdir(), 'rastreio-gallery-'));
  // As root, the database runs as another user, who has to get in.
  await chmod(dir, 0o711);
  const dashboards = path.join(dir, 'dashboards');
  await mkdir(dashboards);
  for (const gallery of new Set([...VARIANTS.map((variant) => variant.gallery), LIVE]))
    await writeFile(path.join(dashboards, `${gallery.uid}.json`), JSON.stringify(gallery));
  const [port = 0] = await freePorts(1);
  const database = await startDatabase({
    provider: 'embedded',
    dir: path.join(dir, 'database'),
    port,
    log,
  });
  const preview = await startPreview({
    home: ROOT,
    dashboardDirs: [dashboards],
    adminUrl: database.adminUrl,
  });
  process.env.GALLERY_URL = preview.url;
  process.env.GALLERY_SCRIPT = path.join(dir, 'page.js');
  await build({
    entryPoints: [path.join(__dirname, '../page/index.ts')],
    outfile: process.env.GALLERY_SCRIPT,
    ...{ bundle: true, format: 'iife', globalName: 'gallery', target: 'es2022' },
    footer: { js: 'globalThis.gallery = gallery;' },
  });
  (globalThis as { stopGallery?: () => Promise<void> }).stopGallery = async () => {
    await preview.stop();
    await database.stop();
    await rm(dir, { recursive: true, force: true });
  };
}
