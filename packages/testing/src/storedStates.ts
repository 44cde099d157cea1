import type { ClientBase } from 'pg';

/** As `ParcelState` of @rastreio/database. */
export type StoredState = Readonly<Record<string, string | number | null>> & { readonly id_pacote: number };

/** All rows of `pacotes` in the form in which `reduceParcels` gives states, ordered by number. */
export async function storedStates(client: Pick<ClientBase, 'query'>): Promise<StoredState[]> {
  const utc = (column: string) =>
    `CASE WHEN isfinite(${column}) THEN to_char(${column} AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"') ELSE ${column}::text END AS ${column}`;
  const { rows } = await client.query<Record<string, string | null>>(
    `SELECT id_pacote::float8, origem, destino, status_atual, ordem_status, outra_ordem, outro_status, par_origem, par_destino, transportadora,
            ${[
              'data_inicio',
              'data_status',
              'data_entrega',
              'data_tentativa',
              'outra_data',
              'data_origem',
              'data_destino',
            ]
              .concat(
                'data_transportadora',
                'prazo_inicial',
                'data_prazo_inicial',
                'prazo_final',
                'data_prazo_final',
              )
              .map(utc)
              .join(', ')}
     FROM pacotes ORDER BY id_pacote`,
  );
  return rows.map((row) => {
    const { data_origem, par_origem, data_destino, par_destino, ...others } = row;
    const { transportadora, data_transportadora, prazo_inicial, data_prazo_inicial, ...rest } = others;
    const { prazo_final, data_prazo_final, ...state } = rest;
    const prometido = {
      ...{
        transportadora,
        data_transportadora,
        prazo_inicial,
        data_prazo_inicial,
        prazo_final,
        data_prazo_final,
      },
    };
    return {
      ...state,
      lugares: data_origem === null ? null : { data_origem, par_origem, data_destino, par_destino },
      prometido: transportadora === null && prazo_inicial === null ? null : prometido,
    } as unknown as StoredState;
  });
}
