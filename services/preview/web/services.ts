import {
  dateTimeFormat,
  EventBusSrv,
  locationUtil,
  type DataSourceInstanceSettings,
  type ScopedVars,
  type TypedVariableModel,
} from '@grafana/data';
import { initPluginTranslations } from '@grafana/i18n';
import {
  setAppEvents,
  setBackendSrv,
  setDataSourceSrv,
  setEchoSrv,
  setTemplateSrv,
  type BackendSrv,
  type DataSourceSrv,
  type EchoSrv,
} from '@grafana/runtime';
import i18next from 'i18next';
import { initReactI18next } from 'react-i18next';
import { provideDateFormat } from './variables/formats';
import { interpolate, type Format, type Scope } from './variables/interpolate';
import { parametersOf } from './variables/load';

const PLUGIN_ID = 'rastreio-tracking-panel';
const LANGUAGE = 'pt-BR';

/** Stands in for the services that Grafana gives to panels: variables work, the rest says that there is none here. */
export function provideServices(scope: () => Scope): void {
  provideDateFormat((ms, format) => dateTimeFormat(ms, { format }));
  locationUtil.initialize({
    config: { appSubUrl: '' } as never,
    getVariablesUrlParams: () => parametersOf([...scope().variables.values()]),
    getTimeRangeForUrl: () => scope().range.raw,
  });
  setTemplateSrv({
    getVariables: () =>
      [...scope().variables.values()].map(
        ({ model, value, text }) => ({ ...model, current: { text, value } }) as unknown as TypedVariableModel,
      ),
    replace: (text?: string, scoped?: ScopedVars, format?: string | ((...args: never[]) => unknown)) =>
      interpolate(text ?? '', scope(), scoped, format as Format | undefined),
    containsTemplate: (text?: string) => /\$|\[\[/.test(text ?? ''),
    updateTimeRange: () => undefined,
  });
  const none = (what: string) => () =>
    Promise.reject(new Error(`The preview has no ${what}; run Grafana for this.`));
  setBackendSrv({
    fetch: none('backend'),
    get: none('backend'),
    post: none('backend'),
  } as unknown as BackendSrv);
  setDataSourceSrv({
    get: none('data source plugins'),
    getList: () => [],
    getInstanceSettings: (): DataSourceInstanceSettings | undefined => undefined,
  } as unknown as DataSourceSrv);
  setEchoSrv({ flush: () => undefined, addBackend: () => undefined, addEvent: () => undefined } as EchoSrv);
  setAppEvents(new EventBusSrv());
}

/** Sets up translations through Grafana's public way, and the plugin's own file in the page's language. */
export async function provideTranslations(): Promise<void> {
  i18next.use(initReactI18next);
  await i18next.init({
    lng: LANGUAGE,
    fallbackLng: 'en-US',
    ns: ['grafana'],
    returnEmptyString: false,
    resources: {
      [LANGUAGE]: { grafana: { preview: 'preview' } },
      'en-US': { grafana: { preview: 'preview' } },
    },
  });
  await initPluginTranslations('grafana');
  const file = await fetch(`/public/plugins/${PLUGIN_ID}/locales/${LANGUAGE}/${PLUGIN_ID}.json`);
  if (file.ok) i18next.addResourceBundle(LANGUAGE, PLUGIN_ID, await file.json());
}
