import path from 'path';
import ReplaceInFileWebpackPlugin from 'replace-in-file-webpack-plugin';
import type { Configuration } from 'webpack';

import scaffoldConfig, { type Env } from './.config/webpack/webpack.config.ts';
import { getPackageJson, getPluginJson } from './.config/bundler/utils.ts';

/**
 * The scaffold's webpack configuration, with what this plugin needs otherwise:
 * - `--env dist=FOLDER` builds elsewhere than ./dist, so that tests need not touch the one in use;
 * - a production build is a function of the sources: no cache, and no date of today in plugin.json (the release's
 *   date stands there by hand; a test compares it with the changelog);
 * - pictures stay out of the README in the built folder;
 * - the classic JSX runtime, said aloud: Grafana 12.2 does not share `react/jsx-runtime` with plugins.
 * - today's JavaScript: Grafana 12.2 runs in no browser that would need object spread written out.
 */
const config = async (env: Env): Promise<Configuration> => {
  const base = await scaffoldConfig(env);
  const dist = path.resolve(process.cwd(), typeof env.dist === 'string' ? env.dist : 'dist');

  for (const rule of base.module?.rules ?? []) {
    if (rule && typeof rule === 'object' && typeof rule.use === 'object' && 'loader' in rule.use) {
      const { loader, options } = rule.use;
      if (loader === 'swc-loader' && typeof options === 'object') {
        options.jsc.transform = { react: { runtime: 'classic' } };
        options.jsc.target = 'es2022';
      }
    }
  }

  const replaceVersion = new ReplaceInFileWebpackPlugin([
    {
      dir: dist,
      test: [/(^|\/)plugin\.json$/, /(^|\/)README\.md$/],
      rules: [
        { search: /%VERSION%/g, replace: getPackageJson().version },
        { search: /%PLUGIN_ID%/g, replace: getPluginJson().id },
        // The catalog shows the screenshots of plugin.json by itself, and no picture without a full address.
        { search: /[ \t]*!\[[^\]]*\]\(src\/img\/[^)]*\)\n\n?/g, replace: '' },
      ],
    },
  ]);

  return {
    ...base,
    ...(env.production ? { cache: false } : {}),
    output: { ...base.output, path: dist },
    plugins: base.plugins?.map((plugin) =>
      plugin instanceof ReplaceInFileWebpackPlugin ? replaceVersion : plugin
    ),
  };
};

export default config;
