import { withClient } from '@rastreio/database';
import type { Page } from 'playwright-core';
import type { Camera } from './camera';

const NAME = 'rota_media_prazo';
const [OTHERS, OWN] = [1.2, 0.7];

/** Changes a limit, and the one of a lane, looks at who did, and puts both back. The role needs no more than the rows' rights. */
export async function changeLimits(
  page: Page,
  { url, databaseUrl, lane, camera }: { url: string; databaseUrl: string; lane: string; camera: Camera },
): Promise<void> {
  const [from, to] = lane.split(' → ');
  await withClient(databaseUrl, async (client) => {
    const { rows } = await client.query<{ valor: number }>('SELECT valor FROM limites WHERE nome = $1', [
      NAME,
    ]);
    const change = (value: number) =>
      client.query('UPDATE limites SET valor = $2 WHERE nome = $1', [NAME, value]);
    await change(OTHERS);
    await client.query(
      'INSERT INTO limites_por_rota (nome, origem, destino, valor) VALUES ($1, $2, $3, $4)',
      [NAME, from, to, OWN],
    );
    try {
      await page.goto(`${url}/d/alertas?viewPanel=panel-5`);
      await page.getByText(lane).first().waitFor();
      // Rows of the table have no box of their own.
      const secondRow = page.getByText(NAME, { exact: true }).nth(1);
      await camera.take(
        page,
        'alerta-limites-mudados',
        page.getByText('Limites mudados', { exact: true }).last(),
        secondRow,
      );
    } finally {
      await client.query('DELETE FROM limites_por_rota WHERE (nome, origem, destino) = ($1, $2, $3)', [
        NAME,
        from,
        to,
      ]);
      await change(rows[0]!.valor);
    }
  });
}
