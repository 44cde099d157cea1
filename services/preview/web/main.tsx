import React from 'react';
import { createRoot } from 'react-dom/client';
import { App } from './App';
import { fillRegistries } from './registries';
import { provideServices, provideTranslations } from './services';
import type { Scope } from './variables/interpolate';

let scope: Scope = {
  variables: new Map(),
  range: { from: 0, to: 0, raw: { from: 'now-1h', to: 'now' } },
  timeZone: 'browser',
  macros: {},
};
const remember = (current: Scope) => {
  scope = current;
};

async function main(): Promise<void> {
  fillRegistries();
  provideServices(() => scope);
  await provideTranslations();
  const root = document.getElementById('root');
  if (root === null) throw new Error('index.html has no #root');
  createRoot(root).render(<App onScope={remember} />);
}

void main();
