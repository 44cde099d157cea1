import {
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
import { interpolate, type VariableValues } from './interpolate';
import { parametersOf, valuesOf, type Variable } from './variables';

const PLUGIN_ID = 'rastreio-tracking-panel';
const LANGUAGE = 'pt-BR';

/** Stands in for the services that Grafana gives to panels: variables work, the rest says that there is none here. */
export function provideServices(variables: () => readonly Variable[]): void {
  locationUtil.initialize({
    config: { appSubUrl: '' } as never,
    getVariablesUrlParams: () => parametersOf(variables()),
    getTimeRangeForUrl: () => ({ from: 'now-1h', to: 'now' }),
  });
  setTemplateSrv({
    getVariables: () =>
      variables().map(
        ({ model, selected }) =>
          ({ ...model, current: { text: selected, value: selected } }) as unknown as TypedVariableModel,
      ),
    replace: (text?: string, scoped?: ScopedVars) =>
      replaceVariables(text ?? '', valuesOf(variables()), scoped),
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

/** Variables in a text, those of the moment (a data link's value, say) first. */
export function replaceVariables(text: string, variables: VariableValues, scoped: ScopedVars = {}): string {
  const local = new Map(
    Object.entries(scoped).map(([name, v]) => [
      name,
      { text: String(v?.text ?? v?.value), value: String(v?.value) },
    ]),
  );
  return interpolate(text, new Map([...variables, ...local]));
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
