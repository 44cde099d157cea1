import React from 'react';
import { createRoot } from 'react-dom/client';
import { App } from './App';
import { fillRegistries } from './registries';
import { provideServices, provideTranslations } from './services';
import type { Variable } from './variables';

let variables: readonly Variable[] = [];
const remember = (loaded: readonly Variable[]) => {
  variables = loaded;
};

async function main(): Promise<void> {
  fillRegistries();
  provideServices(() => variables);
  await provideTranslations();
  const root = document.getElementById('root');
  if (root === null) throw new Error('index.html has no #root');
  createRoot(root).render(<App onVariables={remember} />);
}

void main();
