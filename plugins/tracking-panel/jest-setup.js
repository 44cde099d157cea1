import './.config/jest-setup';
import { initPluginTranslations } from '@grafana/i18n';
import { configure } from '@testing-library/react';
import pluginJson from './src/plugin.json';

// For what hangs: a busy machine takes half a minute over what an idle one does in one second, and that is no failure.
configure({ asyncUtilTimeout: 60_000 });

// Styles are kept out of the page: jsdom tries every rule of it on every element that is asked for its role or name, which
// took most of the tests' time. How things look is tested in a browser (test/gallery).
document.head.insertBefore = (node, before) =>
  node instanceof HTMLStyleElement ? node : Node.prototype.insertBefore.call(document.head, node, before);

// Stub: jsdom has no canvas. @grafana/ui measures text with one (seven pixels a character is close enough here) and
// draws sparklines on one: every other method does nothing.
HTMLCanvasElement.prototype.getContext = () =>
  new Proxy(
    { font: '', measureText: (text) => ({ width: text.length * 7 }) },
    { get: (known, name) => (name in known ? known[name] : () => ({ addColorStop() {} })) }
  );
global.Path2D = class {
  constructor() {
    return new Proxy(this, { get: () => () => undefined });
  }
};

// Stub: jsdom has no layout. VizLayout waits for a measured legend before it draws, so each element reports one size.
global.ResizeObserver = class {
  constructor(callback) {
    this.callback = callback;
  }
  observe(target) {
    const contentRect = { x: 0, y: 0, top: 0, left: 0, bottom: 100, right: 200, width: 200, height: 100 };
    this.callback([{ target, contentRect }], this);
  }
  unobserve() {}
  disconnect() {}
};

// i18next prints an advertisement the first time, which may be while a test's imports run.
const info = jest.spyOn(console, 'info').mockImplementation(() => undefined);

// What module.ts does before anything renders.
beforeAll(async () => {
  await initPluginTranslations(pluginJson.id);
  info.mockRestore();
});
