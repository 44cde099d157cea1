// Builds the preview's page into dist/web.
import { copyFile, cp, mkdir, rm } from 'node:fs/promises';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';
import { pageOptions } from './pageOptions.mjs';

const here = path.dirname(fileURLToPath(import.meta.url));
const out = path.join(here, 'dist', 'web');
await rm(out, { recursive: true, force: true });
await mkdir(out, { recursive: true });
await build({ ...pageOptions, entryPoints: { main: path.join(here, 'web', 'main.tsx') }, outdir: out });
// Fonts and icons stand where Grafana has them: @grafana/ui asks for them below the public path.
const modules = path.join(here, '../../node_modules');
for (const weight of ['Light', 'Regular', 'Medium', 'SemiBold']) {
  await cp(
    path.join(modules, 'inter-ui/web', `Inter-${weight}.woff2`),
    path.join(out, 'fonts/inter', `Inter-${weight}.woff2`),
  );
}
await cp(
  path.join(modules, '@fontsource/roboto-mono/files/roboto-mono-latin-400-normal.woff2'),
  path.join(out, 'fonts/roboto/L0xTDF4xlVMF-BfR8bXMIhJHg45mwgGEFl0_3vrtSM1J-gEPT5Ese6hmHSh0mQ.woff2'),
);
await cp(path.join(modules, '@grafana/ui/dist/public/img/icons'), path.join(out, 'build/img/icons'), {
  recursive: true,
});
await copyFile(path.join(here, 'web', 'boot.js'), path.join(out, 'boot.js'));
await cp(path.join(here, '../../plugins/tracking-panel/src/img/logo.svg'), path.join(out, 'logo.svg'));
await copyFile(path.join(here, 'web', 'index.html'), path.join(out, 'index.html'));
