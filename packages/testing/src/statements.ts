import { DERIVED_TABLES } from '@rastreio/database';

const EMPTIED = [
  'eventos_rastreamento',
  'pacotes',
  'correcoes',
  'eventos_corrigidos',
  'eventos_rejeitados',
  'ingestao',
  ...DERIVED_TABLES.map(({ name }) => name),
];

/**
 * Empties the tables of a test database, as their owner. TRUNCATE would drop the hypertable's chunks, which are slow to make; and
 * with DELETE the triggers have to take everything back.
 */
export const CLEAR = EMPTIED.map((table) => `DELETE FROM ${table}`).join('; ');

/**
 * For a connection whose statements compare dozens of queries at once: compiling their expressions takes a minute and running them
 * none.
 */
export const WITHOUT_JIT = 'SET jit = off';
