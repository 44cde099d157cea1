import { initPluginTranslations } from '@grafana/i18n';
import pluginJson from './plugin.json';
import { setNumberLanguage } from './shared/locale';

// The options' labels are translated as soon as ./plugin is asked for them, so translations come first. This file stays
// this thin because jest loads CommonJS, which has no top-level await: tests import ./plugin.
const { language } = await initPluginTranslations(pluginJson.id);
setNumberLanguage(language);

export { plugin } from './plugin';
