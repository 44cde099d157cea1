import { byName, only, type DemoSection } from '../demo';
import { figures, SEED, SEED_MEAN, statuses } from '../sql';

const THRESHOLDS = {
  color: { mode: 'thresholds' },
  thresholds: {
    mode: 'absolute',
    steps: [
      { value: null, color: 'green' },
      { value: 50, color: 'orange' },
      { value: 80, color: 'red' },
    ],
  },
};

export const CARDS: DemoSection = {
  id: 3,
  title: 'KPI cards',
  demos: [
    {
      title: 'Mean and total',
      description: 'The two known cards: "2 dias, 08:42:00" and 29 packages.',
      queries: [statuses(SEED), SEED_MEAN],
      options: only('cards'),
    },
    {
      title: 'Several cards',
      description: 'Six fields of one row, each with its own unit, in a grid that fills the panel.',
      queries: [
        figures({ no_prazo: 0.934, receita: 18_250.5, peso_kg: 41_200, rotas: 37, atrasos: 12, nulo: null }),
      ],
      options: only('cards'),
      overrides: [
        byName('no_prazo', { unit: 'percentunit', displayName: 'No prazo', decimals: 1 }),
        byName('receita', { unit: 'currencyBRL', displayName: 'Receita', decimals: 2 }),
        byName('peso_kg', { unit: 'masskg', displayName: 'Peso' }),
        byName('rotas', { displayName: 'Rotas' }),
        byName('atrasos', { displayName: 'Atrasos' }),
        byName('nulo', { displayName: 'Sem valor', noValue: 'sem dados' }),
      ],
    },
    {
      title: 'Mappings',
      description: '1 reads "Em dia", in green.',
      queries: [figures({ situacao: 1 })],
      options: only('cards'),
      overrides: [
        byName('situacao', {
          displayName: 'Situação',
          mappings: [{ type: 'value', options: { 1: { text: 'Em dia', color: 'green', index: 0 } } }],
        }),
      ],
    },
    {
      title: 'Thresholds color the value',
      description: 'Green below 50, orange below 80, red from 80.',
      queries: [figures({ baixa: 20, media: 60, alta: 95 })],
      options: only('cards'),
      defaults: { ...THRESHOLDS, unit: 'percent' },
    },
    {
      title: 'Thresholds color the background',
      description: 'The same three figures, text readable on each color.',
      queries: [figures({ baixa: 20, media: 60, alta: 95 })],
      options: only('cards', { cards: { colour: 'background' } }),
      defaults: { ...THRESHOLDS, unit: 'percent' },
    },
    {
      title: 'Cards without color',
      description: 'Thresholds are set and paint nothing.',
      queries: [figures({ baixa: 20, media: 60, alta: 95 })],
      options: only('cards', { cards: { colour: 'none' } }),
      defaults: { ...THRESHOLDS, unit: 'percent' },
    },
    {
      title: 'Duration fields',
      description: 'A field chosen as a duration, one by its unit, and a PostgreSQL interval.',
      queries: ["SELECT 93784 AS espera, 3725.9::float8 AS rota, interval '1 day 00:00:05' AS janela"],
      options: only('cards', { data: { durationFields: ['espera'] } }),
      overrides: [byName('rota', { unit: 's' })],
    },
  ],
};
