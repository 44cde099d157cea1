import * as emotionCss from '@emotion/css';
import type { PanelPlugin } from '@grafana/data';
import * as grafanaData from '@grafana/data';
import * as grafanaI18n from '@grafana/i18n';
import * as grafanaRuntime from '@grafana/runtime';
import * as grafanaSchema from '@grafana/schema';
import * as grafanaUi from '@grafana/ui';
import i18next from 'i18next';
import lodash from 'lodash';
import moment from 'moment';
import React from 'react';
import ReactDOM from 'react-dom';
import * as rxjs from 'rxjs';
import * as rxjsOperators from 'rxjs/operators';
// Last: they set window.define, which libraries above would mistake for an AMD loader.
import 'systemjs/dist/system.js';
import 'systemjs/dist/extras/amd.js';

/** What Grafana 12.2 shares with plugins, as far as ours may ask for it. Not react/jsx-runtime: 12.2 does not have it. */
const SHARED: Readonly<Record<string, object>> = {
  react: { ...React, default: React },
  'react-dom': { ...ReactDOM, default: ReactDOM },
  lodash: { ...lodash, default: lodash },
  moment: { default: moment },
  i18next: { default: i18next },
  rxjs,
  'rxjs/operators': rxjsOperators,
  '@emotion/css': emotionCss,
  '@grafana/data': grafanaData,
  '@grafana/i18n': grafanaI18n,
  '@grafana/runtime': grafanaRuntime,
  '@grafana/schema': grafanaSchema,
  '@grafana/ui': grafanaUi,
};

/** Loads a built panel plugin the way Grafana does: an AMD module through SystemJS, with shared dependencies. */
export async function loadPlugin(id: string): Promise<PanelPlugin> {
  const imports: Record<string, string> = {};
  for (const [name, module] of Object.entries(SHARED)) {
    const address = `app:shared/${name}`;
    System.set(address, { ...module, __esModule: true });
    imports[name] = address;
  }
  System.addImportMap({ imports });
  const loaded = await System.import<{ plugin?: PanelPlugin; default?: unknown }>(
    `/public/plugins/${id}/module.js`,
  );
  // A module with top-level await arrives as a promise.
  const module =
    loaded.plugin === undefined ? ((await loaded.default) as { plugin?: PanelPlugin } | undefined) : loaded;
  if (module?.plugin === undefined)
    throw new Error(
      `The plugin ${id} exports no panel; build it with: npm run build -w plugins/tracking-panel`,
    );
  return module.plugin;
}
