import React from 'react';
import { createRoot } from 'react-dom/client';
import { App } from './App';
import type { VariableValues } from './interpolate';
import { fillRegistries } from './registries';
import { provideServices, provideTranslations } from './services';

let variables: VariableValues = new Map();
const remember = (values: VariableValues) => {
  variables = values;
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
