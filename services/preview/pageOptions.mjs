// How a page with panels is bundled; the benchmarks build one of their own.
import path from 'node:path';
import { fileURLToPath } from 'node:url';

const here = path.dirname(fileURLToPath(import.meta.url));
const oneDefault = {
  name: 'default of a CommonJS package',
  setup: (plugin) =>
    plugin.onResolve({ filter: /^react-custom-scrollbars-2$/ }, () => ({
      path: path.join(here, 'web', 'scrollbars.ts'),
    })),
};

export const pageOptions = {
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
};
