// Shows G13 of docs/guarantees.md.
import { STATUS_CATALOGUE } from '@rastreio/contract';
import { OperatorError } from '@rastreio/runtime';
import { again } from '@rastreio/testing/again';
import { makeBed, type Bed } from '@rastreio/testing/bed';
import { contentsOf } from '@rastreio/testing/contents';
import { tableDifferences, unaccounted } from '@rastreio/testing/differences';
import { SERVERS } from '@rastreio/testing/servers';
import { anyWordHistory, type WordEdit, type WordHistory } from '@rastreio/testing/wordEdits';
import fc from 'fast-check';
import type { ReceivedEvent } from '../write/batch';
import type { ApplyOptions } from './applyWords';
import { addStatus, mapWord, unmapWord } from './editWords';

const FORGET_WORDS = `
  DELETE FROM apelidos_status; DELETE FROM catalogo_status WHERE status <> ALL ($1::text[])`;
const SHIPPED = STATUS_CATALOGUE.map(({ status }) => status);

class Killed extends Error {}

describe.each(SERVERS)('on $name', (server) => {
  /** Its words change while it is written to. */
  let late: Bed;
  /** Has them before the first event. */
  let early: Bed;
  beforeAll(async () => {
    late = await makeBed(server, 3);
    early = await makeBed(server, 3);
  });
  afterAll(async () => {
    await late.close();
    await early.close();
  });
  beforeEach(() => clear());
  const clear = async () => {
    for (const bed of [late, early]) {
      await bed.clear();
      for (const statement of FORGET_WORDS.split(';'))
        await bed.owner.query(statement, statement.includes('$1') ? [SHIPPED] : []);
      await bed.owner.query('UPDATE versao_do_esquema SET versao_palavras = versao_palavras + 1');
    }
  };

  async function expectAsIfEarly(batches: WordHistory['batches']): Promise<void> {
    for (const batch of batches) await early.write(batch);
    expect(await tableDifferences(late.owner)).toEqual([]);
    expect(await tableDifferences(early.owner)).toEqual([]);
    expect(await contentsOf(late.owner)).toEqual(await contentsOf(early.owner));
    expect(await unaccounted(late.owner)).toBe(0);
    const before = await contentsOf(late.owner);
    for (const batch of batches) expect(await late.write(batch)).toMatchObject({ inserted: 0 });
    expect(await contentsOf(late.owner)).toEqual(before);
  }

  test('words that change while batches are written, ended and begun anew: all is as if they had always meant it', async () => {
    await fc.assert(
      fc.asyncProperty(anyWordHistory, async ({ batches, edits }) => {
        await clear();
        let writing: Promise<unknown> = Promise.resolve();
        const written = batches.map(
          (batch) => (writing = writing.then(() => again(() => late.write(batch)))),
        );
        const editing = (async () => {
          for (const { edit, after, endedAt } of edits) {
            await written[Math.min(after, batches.length) - 1];
            await despiteEnd(late, edit, endedAt);
          }
        })();
        await Promise.all([writing, editing]);
        for (const { edit } of edits) await despiteEnd(early, edit, null);
        await expectAsIfEarly(batches);
      }),
      { numRuns: 40 },
    );
  });

  test('a word is mapped and taken back: nothing of it is left, two events that became one are two again', async () => {
    const events = [
      event('POSTADO', 1),
      event('CHEGOU', 2),
      event('ENTROU', 2),
      { ...event('CHEGOU', 2), correcao: 'mesmo' as const, id_pacote: 8 },
    ];
    await late.write(events);
    const before = await contentsOf(late.owner);
    const arrived = { kind: 'texto' as const, word: 'chegou' };
    const entered = { kind: 'texto' as const, word: 'Entrou' };
    expect(await mapWord(late.owner, arrived, 'Entregue')).toEqual({ events: 1, corrections: 1 });
    expect(await mapWord(late.owner, entered, 'Entregue')).toEqual({ events: 2, corrections: 0 });
    expect(await statusesOf(late)).toEqual(['POSTADO', 'ENTREGUE']);
    expect(await unaccounted(late.owner)).toBe(0);
    expect(await late.write(events)).toMatchObject({ inserted: 0 });
    // Once more: there is nothing left to do.
    expect(await mapWord(late.owner, entered, 'Entregue')).toEqual({ events: 0, corrections: 0 });
    await unmapWord(late.owner, arrived);
    expect(await statusesOf(late)).toEqual(['POSTADO', 'CHEGOU', 'ENTREGUE']);
    await unmapWord(late.owner, entered);
    expect(await contentsOf(late.owner)).toEqual(before);
    expect(await tableDifferences(late.owner)).toEqual([]);
    expect(await unaccounted(late.owner)).toBe(0);
    expect((await late.owner.query('SELECT FROM apelidos_status')).rows).toEqual([]);
  });

  test('a batch under way goes by the words of before, and the edit waits for it', async () => {
    const client = await late.pool.connect();
    let mapping: Promise<unknown>;
    try {
      await client.query('BEGIN; SELECT pg_advisory_xact_lock_shared(762006)');
      let done = false;
      mapping = mapWord(late.owner, { kind: 'texto', word: 'CHEGOU' }, 'ENTREGUE').then(() => (done = true));
      for (;;) {
        const { rows } = await late.pool.query<{ n: number }>(
          `SELECT count(*)::int AS n FROM pg_locks JOIN pg_stat_activity USING (pid)
           WHERE NOT granted AND locktype = 'advisory' AND datname = current_database()`,
        );
        if (rows[0]?.n === 1) break;
      }
      expect(done).toBe(false);
      await client.query('COMMIT');
    } finally {
      client.release();
    }
    await mapping;
    await late.write([event('CHEGOU', 1)]);
    expect(await statusesOf(late)).toEqual(['ENTREGUE']);
  });

  test('a status that is added: what was unknown with it counts by its rank, and final ones close', async () => {
    await late.write([event('POSTADO', 1), event('PERDIDO', 2), event('NOTA', 3)]);
    const current = async () =>
      (await late.owner.query('SELECT status_atual, aberto, outro_status FROM pacotes')).rows as object[];
    expect(await current()).toEqual([{ status_atual: 'NOTA', aberto: true, outro_status: 'POSTADO' }]);
    const added = { status: 'perdido', rank: 75, terminal: true };
    const counts = { events: 1, corrections: 0, hasOldEvents: false };
    expect(await addStatus(late.owner, added)).toEqual(counts);
    expect(await current()).toEqual([{ status_atual: 'PERDIDO', aberto: false, outro_status: 'NOTA' }]);
    expect(await tableDifferences(late.owner)).toEqual([]);
    // Never reopened by a word that nobody knows.
    await late.write([event('OUTRA NOTA', 4)]);
    expect(await current()).toMatchObject([{ status_atual: 'PERDIDO', aberto: false }]);
    expect(await tableDifferences(late.owner)).toEqual([]);
    expect(await addStatus(late.owner, added)).toEqual({ ...counts, events: 0 });
  });

  test.each<[WordEdit, RegExp]>([
    [map('texto', 'CHEGOU', 'ENTREGE'), /"ENTREGE" is no status of the catalogue; did you mean ENTREGUE\?/],
    [map('texto', 'CHEGOU', 'XYZ'), /use one of POSTADO, .*or add it by "rastreio status add"/],
    [map('texto', 'Entregue', 'POSTADO'), /ENTREGUE is a status of the catalogue.*map the code \(--code\)/],
    [map('codigo', '01', 'POSTADO'), /A code is one carrier's: say which by --carrier/],
    [map('texto', ' ', 'POSTADO'), /The word is empty/],
    [{ ...map('texto', 'CHEGOU', ''), kind: 'unmap' }, /"CHEGOU" has no meaning; "rastreio status list"/],
    [
      { kind: 'add', status: 'RETIDO', rank: 60, terminal: false },
      /--rank 60 is that of a final status; add --final/,
    ],
    [{ kind: 'add', status: 'RETIDO', rank: 59, terminal: true }, /a final one has 60 or more/],
    [
      { kind: 'add', status: 'RETIDO', rank: 20, terminal: false },
      /Rank 20 is that of EM TRÂNSITO.*Taken are 10, 20/,
    ],
    [
      { kind: 'add', status: 'entregue', rank: 95, terminal: true },
      /ENTREGUE is in the catalogue already, with rank 90, final/,
    ],
    [{ kind: 'add', status: '', rank: 5, terminal: false }, /A status has 1 to 93 characters/],
  ])('%j is refused and changes nothing', async (edit, message) => {
    const error = await run(late, edit, {}).then(
      () => undefined,
      (thrown: unknown) => thrown,
    );
    expect(error).toBeInstanceOf(OperatorError);
    expect((error as OperatorError).message).toMatch(message);
    expect((await late.owner.query('SELECT FROM apelidos_status')).rows).toEqual([]);
    expect((await late.owner.query('SELECT FROM catalogo_status')).rows).toHaveLength(SHIPPED.length);
  });

  test('a word that has a meaning is no status before that is taken back', async () => {
    await mapWord(late.owner, { kind: 'texto', carrier: 'Correios', word: 'retído' }, 'POSTADO');
    await expect(addStatus(late.owner, { status: 'RETIDO', rank: 25, terminal: false })).rejects.toThrow(
      `RETIDO is a word for POSTADO; run 'rastreio status unmap --carrier "CORREIOS" "RETIDO"' first`,
    );
  });
});

/** Does it, and again where it was ended; what is refused changes nothing. */
async function despiteEnd(bed: Bed, edit: WordEdit, endedAt: number | null): Promise<void> {
  let left = endedAt ?? Infinity;
  const beforeCommit = () => {
    if (left-- === 0) throw new Killed();
  };
  try {
    await run(bed, edit, { beforeCommit, parcels: 1 });
  } catch (error) {
    if (error instanceof OperatorError) return;
    if (!(error instanceof Killed)) throw error;
    await run(bed, edit, { parcels: 2 });
  }
}

function run({ owner }: Bed, edit: WordEdit, options: ApplyOptions): Promise<unknown> {
  switch (edit.kind) {
    case 'map':
      return mapWord(owner, edit.written, edit.status, options);
    case 'unmap':
      return unmapWord(owner, edit.written, options);
    case 'add':
      return addStatus(owner, edit, options);
  }
}

function map(kind: 'texto' | 'codigo', word: string, status: string) {
  return { kind: 'map' as const, written: { kind, word }, status };
}

async function statusesOf({ owner }: Bed): Promise<string[]> {
  const { rows } = await owner.query<{ s: string }>(
    'SELECT status_rastreamento AS s FROM eventos_rastreamento ORDER BY data_evento, 1',
  );
  return rows.map(({ s }) => s);
}

function event(status_rastreamento: string, hour: number): ReceivedEvent {
  return {
    ...{ id_pacote: 7, origem: 'Natal', destino: 'Acre', status_rastreamento },
    data_atualizacao: new Date(Date.UTC(2026, 0, 1, hour)).toISOString().replace('Z', '000Z'),
    recebido_em: Date.UTC(2026, 10, 1),
  };
}
