import { setTimeout as sleep } from 'node:timers/promises';
import { inDatabase, withClient } from '@rastreio/database';
import { createProgress, type Progress, type Stack } from '@rastreio/stack';
import { runPrintedCommands } from '../docCommands/run';
import { rastreio, same } from './ask';

/** Progress on stderr that keeps what is noted. */
export function notedBy(notes: string[]): Progress {
  const progress = createProgress(process.stderr);
  return {
    ...progress,
    note(text) {
      notes.push(text);
      progress.note(text);
    },
  };
}

/** The doctor finds nothing wrong with a stack that has just been started. */
export async function doctorIsContent(stackDir: string): Promise<void> {
  const { checks } = await rastreio<{ checks: { code: string; level: string; seen: string }[] }>(stackDir, [
    ...['doctor', '--json'],
  ]);
  const running = ['RD020', 'RD031', 'RD042', 'RD043', 'RD044', 'RD060', 'RD061', 'RD062', 'RD063'];
  const found = checks.filter(({ code }) => running.includes(code));
  same(
    'what the doctor says of a stack that runs',
    [found.length, found.filter(({ level }) => level !== 'ok')],
    [running.length, []],
  );
  same(
    'checks that found no stack',
    found.filter(({ seen }) => seen.includes('no stack runs')),
    [],
  );
}

/** The commands of the pages work on a stack. @returns how many were run */
export async function runCommands(stack: Stack, stackDir: string, dir: string): Promise<number> {
  const letter = await withClient(inDatabase(stack.adminUrl, 'rastreio'), async (client) => {
    const { rows } = await client.query<{ place: string }>(
      `SELECT topico || ':' || particao || ':' || deslocamento AS place FROM eventos_rejeitados
       WHERE topico NOT LIKE 'csv:%' LIMIT 1`,
    );
    return rows[0]?.place ?? '';
  });
  return runPrintedCommands({ stackDir, dir, httpUrl: stack.httpUrl, letter });
}

/** An event that is sent now gets into the database, and a page is shown. */
export async function works(stack: Stack): Promise<void> {
  const id = Date.now();
  const event = {
    id_pacote: id,
    origem: 'Recife',
    destino: 'Natal',
    status_rastreamento: 'POSTADO',
    data_atualizacao: new Date().toISOString(),
  };
  const headers = { 'content-type': 'application/json' };
  const signal = AbortSignal.timeout(10_000);
  const taken = await fetch(`${stack.httpUrl}/eventos`, {
    method: 'POST',
    headers,
    body: JSON.stringify(event),
    signal,
  });
  if (taken.status !== 202) throw new Error(`HTTP source: ${taken.status} ${await taken.text()}`);
  const page = await fetch(stack.dashboardsUrl, { signal });
  if (!page.ok) throw new Error(`dashboards: ${page.status}`);
  await withClient(inDatabase(stack.adminUrl, 'rastreio'), async (client) => {
    for (let tries = 0; ; tries++) {
      const { rowCount } = await client.query('SELECT FROM pacotes WHERE id_pacote = $1', [id]);
      if (rowCount === 1) return;
      if (tries === 100) throw new Error('the event is not in the database yet');
      await sleep(100);
    }
  });
}
