export { CHROMIUM_ARGS, ensureChromium } from './chromium';
