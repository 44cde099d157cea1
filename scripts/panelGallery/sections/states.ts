import type { DemoSection } from '../demo';
import { figures, ORIGINAL, statuses } from '../sql';

const NO_ROWS = `${statuses([['ENTREGUE', 1]])} WHERE false`;

export const STATES: DemoSection = {
  id: 7,
  title: 'States',
  demos: [
    {
      title: 'No rows',
      description: 'The text for "no data", in place.',
      queries: [NO_ROWS],
    },
    {
      title: 'No rows, own text',
      description: 'The text is an option.',
      queries: [NO_ROWS],
      options: { titles: { empty: 'Nenhum pacote por aqui.' } },
    },
    {
      title: 'Error',
      description: 'What the data source said, whole.',
      queries: ['SELECT coluna FROM nao_existe'],
    },
    {
      title: 'One of two queries failed',
      description: 'What arrived is drawn, under one line that says what failed.',
      queries: [statuses(ORIGINAL), 'SELECT coluna FROM nao_existe'],
      height: 14,
    },
    {
      title: 'Fields of options that are gone',
      description: 'Draws what it can, under a line that says what is missing, with an example query.',
      queries: [statuses(ORIGINAL)],
      options: { cards: { fields: ['tempo_que_nao_ha'] } },
      height: 14,
    },
    {
      title: 'Missing fields',
      description: 'Rows without text or numbers: says what is missing, with an example query.',
      queries: ["SELECT now() - now() > interval '0' AS ligado FROM generate_series(1, 3)"],
    },
    {
      title: 'No statuses yet, figures there',
      description: 'The figures that arrived are shown; the statuses have the text in their place.',
      queries: [NO_ROWS, figures({ rejeitados: 3, entregas: 420 })],
      height: 14,
    },
  ],
};
