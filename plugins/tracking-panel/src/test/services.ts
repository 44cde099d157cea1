import { locationUtil, type ScopedVars } from '@grafana/data';
import { locationService, setTemplateSrv } from '@grafana/runtime';
import { type VariableModel } from '../interaction/variable';

/** Gives the panel the services that Grafana gives it: an address, and the dashboard's variables or the error in their place. */
export function provideServices(variables: VariableModel[] | Error = []): void {
  locationUtil.initialize({
    // The part of Grafana's configuration that is read.
    config: { appSubUrl: '' } as Parameters<typeof locationUtil.initialize>[0]['config'],
    getVariablesUrlParams: () => ({}),
    getTimeRangeForUrl: () => ({ from: 'now-1h', to: 'now' }),
  });
  setTemplateSrv({
    getVariables: () => {
      if (variables instanceof Error) {
        throw variables;
      }
      return variables as ReturnType<Parameters<typeof setTemplateSrv>[0]['getVariables']>;
    },
    replace: (text?: string, _scoped?: ScopedVars) => text ?? '',
    containsTemplate: () => false,
    updateTimeRange: () => undefined,
  });
  locationService.replace('/d/gallery');
}
