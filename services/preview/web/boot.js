// @grafana/runtime reads these while it is loaded, so they must be there before the page's module.
const theme = new URLSearchParams(window.location.search).get('theme') === 'light' ? 'light' : 'dark';
window.__grafana_public_path__ = '/app/';
window.grafanaBootData = {
  user: {
    theme,
    lightTheme: theme === 'light',
    timezone: 'browser',
    locale: 'pt-BR',
    language: 'pt-BR',
    orgId: 1,
    isSignedIn: false,
  },
  settings: {
    buildInfo: { version: '12.2.0', env: 'production', edition: 'Open Source' },
    featureToggles: {},
    dateFormats: {
      fullDate: 'YYYY-MM-DD HH:mm:ss',
      useBrowserLocale: false,
      interval: {
        millisecond: 'HH:mm:ss.SSS',
        second: 'HH:mm:ss',
        minute: 'HH:mm',
        hour: 'MM/DD HH:mm',
        day: 'MM/DD',
        month: 'YYYY-MM',
        year: 'YYYY',
      },
      defaultTimezone: 'browser',
    },
  },
  navTree: [],
};
