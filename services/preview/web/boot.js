// @grafana/runtime reads these while it is loaded, so they must be there before the page's module.
const asked = new URLSearchParams(window.location.search).get('theme');
// A link that keeps no theme leads to a page in the theme of before.
const theme = (asked ?? window.localStorage.getItem('rastreio-preview.theme')) === 'light' ? 'light' : 'dark';
if (asked !== null) window.localStorage.setItem('rastreio-preview.theme', theme);
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
