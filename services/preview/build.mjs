// Builds the preview's page into dist/web.
import { copyFile, cp, mkdir, rm } from 'node:fs/promises';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';

const here = path.dirname(fileURLToPath(import.meta.url));
const out = path.join(here, 'dist', 'web');
await rm(out, { recursive: true, force: true });
await mkdir(out, { recursive: true });
const oneDefault = {
  name: 'default of a CommonJS package',
  setup: (plugin) =>
    plugin.onResolve({ filter: /^react-custom-scrollbars-2$/ }, () => ({
      path: path.join(here, 'web', 'scrollbars.ts'),
    })),
};
await build({
  entryPoints: { main: path.join(here, 'web', 'main.tsx') },
  outdir: out,
  bundle: true,
  splitting: true,
  format: 'esm',
  target: 'es2022',
  minify: true,
  jsx: 'transform',
  define: {
    'process.env.NODE_ENV': '"production"',
    global: 'window',
    'process.env.JEST_WORKER_ID': 'undefined',
  },
  loader: { '.svg': 'dataurl', '.png': 'dataurl', '.woff2': 'file', '.ttf': 'dataurl' },
  plugins: [oneDefault],
  logLevel: 'warning',
});
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
