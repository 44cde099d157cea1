import { cp } from 'node:fs/promises';
import path from 'node:path';
import { build, type Plugin } from 'esbuild';
import { ROOT } from './preview';

/** Whatever asks for React gets that of Grafana 13.2. */
const react19: Plugin = {
  name: 'React 19',
  setup: (bundle) => {
    bundle.onResolve(
      { filter: /^(react|react-dom|scheduler)(\/|$)/ },
      ({ path: wanted, kind, pluginData }) =>
        pluginData === react19
          ? undefined
          : bundle.resolve(wanted, {
              kind,
              resolveDir: path.join(ROOT, 'test/react-19'),
              pluginData: react19,
            }),
    );
  },
};

/** The preview's page with React 19 instead of 18, and React's warnings, in a folder of its own. */
export async function buildPreviewOnReact19(webDir: string): Promise<void> {
  await cp(path.join(ROOT, 'services/preview/dist/web'), webDir, { recursive: true });
  const { pageOptions } = (await import(path.join(ROOT, 'services/preview/pageOptions.mjs'))) as {
    pageOptions: { define: object; plugins: Plugin[] };
  };
  await build({
    ...pageOptions,
    ...{ minify: false, logLevel: 'error' },
    define: { ...pageOptions.define, 'process.env.NODE_ENV': '"development"' },
    plugins: [...pageOptions.plugins, react19],
    entryPoints: { main: path.join(ROOT, 'services/preview/web/main.tsx') },
    outdir: webDir,
  });
}
