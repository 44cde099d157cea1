import type { ClientBase } from 'pg';

/** What a replay writes to and views read. */
const TABLES = [
  'pacotes',
  'eventos_rastreamento',
  'rotas',
  'ingestao',
  'resumo_ingestao',
  'resumo_status',
  'resumo_coortes',
  'resumo_entregas',
  'resumo_entregas_rota',
  'resumo_baldes_rota',
  'resumo_entregas_transportadora',
  'resumo_baldes_transportadora',
  'resumo_postagem_transportadora',
  'resumo_historico',
  'resumo_permanencia',
  'resumo_atraso',
  'resumo_atraso_dia',
];
/** Below so many rows a table is read in no time whatever the plan. */
const FIRST = 1_000;

/**
 * Does for a copy what autovacuum does for a database, at the first call and then whenever what was written has doubled: plans follow the
 * tables as they grow, at the same instants in each run, however fast the machine is.
 *
 * @param before how many rows were written and taken care of already
 * @returns called after each writing with how many rows were written, outside of a transaction
 */
export function createUpkeep(owner: ClientBase, before = 0): (written: number) => Promise<void> {
  let [total, next] = [before, 2 * before];
  return async (written) => {
    total += written;
    if (total < next) return;
    next = Math.max(FIRST, 2 * total);
    await owner.query(`VACUUM (ANALYZE) ${TABLES.join(', ')}`);
  };
}
