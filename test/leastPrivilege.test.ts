import { createWriterPool, inDatabase, withClient, withPoolClient, writeBatch } from '@rastreio/database';
import { Client } from 'pg';
import { freshDatabase, MATRIX, type TestDatabase } from '@rastreio/testing/servers';

/** What grafana_reader may read: all that panels and alert rules are made of. */
const READABLE = `
  abertos_por_idade apelidos_status alerta_completude alerta_consumidor alerta_conta alerta_desconhecidos alerta_em_risco
  alerta_esquecidos alerta_extravios alerta_limites alerta_origens alerta_parados_rota alerta_parados_status
  alerta_postagem alerta_reabertos alerta_rejeitados alerta_relogio alerta_rotas atraso_tipico cartas
  catalogo_status codigos completude_por_hora confiabilidade dados_completos destinos entregas_julgadas eventos_anteriores
  eventos_rastreamento feriados frescor funcoes_aplicadas historico_das_rotas indicadores_abertos
  indicadores_entrega ingestao limites limites_das_rotas limites_dos_status limites_em_vigor limites_mudados
  limites_por_rota mensagens_perdidas migracoes mudancas_de_limites numeros_juntados origens pacotes pacotes_da_torre pacotes_em_risco
  pacotes_parados parados_por_status posicoes_lidas prazos rejeitados_por_motivo rejeitados_recentes resumo_atraso
  resumo_atraso_dia resumo_baldes_rota resumo_coortes resumo_entregas resumo_entregas_rota resumo_historico
  resumo_ingestao resumo_permanencia resumo_status retencao rotas rotas_desde_ontem status_dos_pacotes
  correcoes eventos_corrigidos eventos_corrigidos_recentes
  alerta_transportadoras alerta_transportadoras_caladas nunca_encerrados resumo_entregas_transportadora
  resumo_baldes_transportadora
  resumo_postagem_transportadora torre_das_transportadoras transportadoras
  grafias limites_dos_lugares lugares_conhecidos lugares_ditos prazos_julgados rotas_dos_lugares
  tamanho_do_banco tamanho_total taxas_de_desfecho torre ultimo_recebimento versao_do_esquema
`
  .trim()
  .split(/\s+/);
const RANGE = `now() - interval '3 days', now()`;
/** One call of each function that panels use. */
const CALLS = [
  ...['entregas_no_periodo', 'entregas_por_rota', 'permanencia_no_periodo', 'atraso_no_periodo'].map(
    (f) => `${f}(${RANGE})`,
  ),
  ...['leituras_das_transportadoras', 'leituras_faltantes'].map((f) => `${f}(${RANGE})`),
  `desempenho_das_transportadoras(${RANGE}, '{CORREIOS}')`,
  `transportadoras_por_passo(${RANGE}, '1 day', '{}')`,
  ...['ingestao_no_periodo', 'coortes_no_periodo'].map((f) => `${f}(${RANGE})`),
  ...['entregas_por_passo', 'historico_de_status'].map((f) => `${f}(${RANGE}, '1 day')`),
  ...['comparacao_por_rota', 'contabilidade', 'fora_de_ordem', 'fora_de_ordem_por_problema'].map(
    (f) => `${f}(${RANGE})`,
  ),
  ...['ingestao_por_passo', 'atraso_por_passo'].map((f) => `${f}(${RANGE}, '1 day')`),
  ...['mudanca_no_prazo', 'mudanca_total'].map((f) => `${f}(now(), '1 day')`),
  ...['status_em', 'indicadores_em'].map((f) => `${f}(now(), '{}', '{Acre}')`),
  `ultimos_eventos(${RANGE}, '{Acre}', '{}', '{POSTADO}', 5)`,
  ...[`lista_da_torre('esquecidos', 5)`, 'cartas_do_pacote(1)', `cartas_mortas(${RANGE}, 5)`],
  ...[`escolhidos('Acre')`, `numero_do_pacote('1')`],
  ...['status_em(now())', 'passos_do_pacote(1)', 'resumo_do_pacote(1)', 'dia_local(now())', 'fuso()'],
];
/** Functions that belong to whoever writes; everybody else is refused. */
const FORBIDDEN_CALLS = [
  'exige_escritor(9)',
  'fatia_livre()',
  `soma_historico('{}', '{}', '{}', '{}')`,
  `soma_permanencia('{}', '{}', '{}', '{}', '{}')`,
  `soma_atraso('{}', '{}', '{}', '{}')`,
  `soma_atrasados('{}', '{}', '{}', '{}')`,
  `soma_trocados('{}', '{}')`,
  'sem_limite_de_colunas()',
  `anota_par(1, '', '', now(), now())`,
  `anota_lugares('{}', '{}', '{}')`,
  `junta_relatos('{}', '{}', '{}', '{}', '{}')`,
  `junta_relatos('{}'::evento[])`,
  `escreve_corrigidos('{}', '{}', '{}', '{}', '{}', '{}', true)`,
  `junta_numeros('{-1}', '{1}', true)`,
  `tranca_pacotes('{}')`,
  `copia_pacotes('{}', '{}')`,
  `iguala_pacotes('{}')`,
  `refaz_pacotes('{}', now(), now())`,
  `eventos_restantes('{}', now(), now())`,
  `aplica_correcoes('{}')`,
  'junta_correcao(NULL)',
  `troca_guardados('{}', '{}', '{}', '{}')`,
  ...['troca_eventos', 'troca_mensagens'].map((f) => `${f}('{}', '{}')`),
  ...[
    'resume_insercao()',
    'resume_atualizacao()',
    'resume_exclusao()',
    'esvazia_resumos()',
    'guarda_anteriores()',
    'guarda_limites()',
    'anota_limites()',
    'julga_prazos()',
    'soma_ingestao()',
  ],
];
const DENIED = '42501';
const NOT_IMPLEMENTED = '0A000';

describe.each(MATRIX)('on $name', (server) => {
  let database: TestDatabase;
  let owner: Client;
  let reader: Client;
  let writer: Client;
  beforeAll(async () => {
    database = await freshDatabase(server);
    const connect = async (connectionString: string) => {
      const client = new Client({ connectionString });
      await client.connect();
      return client;
    };
    [owner, reader, writer] = [
      await connect(database.ownerUrl),
      await connect(database.readerUrl),
      await connect(database.writerUrl),
    ];
    const pool = createWriterPool({
      databaseUrl: database.writerUrl,
      connections: 1,
      applicationName: 'test',
    });
    const event = { id_pacote: 1, origem: 'Natal', destino: 'Paraíba', status_rastreamento: 'POSTADO' };
    const events = [{ ...event, data_atualizacao: '2026-01-01T00:00:00.000000Z', recebido_em: 0 }];
    await withPoolClient(pool, (client) =>
      writeBatch(client, { topic: 't', partition: 0, events, rejected: [] }),
    );
    await pool.end();
    await owner.query(`CREATE SCHEMA alheio; CREATE TABLE alheio.segredo AS SELECT 1 AS n`);
    // What the reader could undo itself must not be what protects the data.
    await reader.query('SET default_transaction_read_only = off; SET statement_timeout = 0');
  });
  afterAll(async () => {
    await Promise.all([owner.end(), reader.end(), writer.end()]);
    await database.drop();
  });
  const attempt = (client: Client, sql: string): Promise<string> =>
    client.query(sql).then(
      () => 'done',
      (e: { code: string }) => e.code,
    );
  /** The statements that did not end as they should, each with how it ended. */
  const otherThan = async (wanted: string, client: Client, statements: readonly string[]) => {
    const others: string[] = [];
    for (const sql of statements) {
      const outcome = await attempt(client, sql);
      if (outcome !== wanted) others.push(`${outcome}: ${sql}`);
    }
    return others;
  };
  const names = async (sql: string) =>
    (await owner.query<{ name: string }>(sql)).rows.map(({ name }) => name);
  const relations = (kinds: string) =>
    names(`SELECT oid::regclass::text AS name FROM pg_class
           WHERE relkind IN (${kinds}) AND relnamespace IN ('public'::regnamespace, 'conferencia'::regnamespace, 'alheio'::regnamespace)
           AND NOT EXISTS (SELECT FROM pg_depend WHERE objid = pg_class.oid AND deptype = 'e') ORDER BY 1`);

  test('the reader reads what panels use, and no other table or view', async () => {
    const all = await relations(`'r', 'p', 'v', 'm'`);
    const readable: string[] = [];
    for (const name of all) {
      const outcome = await attempt(reader, `SELECT * FROM ${name} LIMIT 1`);
      expect(`${name} ${outcome}`).toMatch(/ (done|42501)$/);
      if (outcome === 'done') readable.push(name);
    }
    expect(readable.sort()).toEqual([...READABLE].sort());
    expect(
      await otherThan(
        'done',
        reader,
        CALLS.map((call) => `SELECT * FROM ${call}`),
      ),
    ).toEqual([]);
  });

  test('nobody but the writer calls what adds to the figures, and nobody but the owner what locks and re-judges', async () => {
    const calls = FORBIDDEN_CALLS.map((call) => `SELECT ${call}`);
    expect(await otherThan(DENIED, reader, calls)).toEqual([]);
    expect(
      await otherThan(
        DENIED,
        writer,
        calls.filter(
          (call) =>
            !/soma_(historico|permanencia|atras)|anota_lugares|junta_relatos\('\{\}',|escreve_corrigidos|junta_numeros/.test(
              call,
            ),
        ),
      ),
    ).toEqual([]);
    // Of the functions of this schema, PUBLIC calls those that only read.
    const open = await names(`
      SELECT proname AS name FROM pg_proc WHERE pronamespace = 'public'::regnamespace AND has_function_privilege('grafana_reader', oid, 'EXECUTE')
      AND (provolatile = 'v' OR prosecdef) AND NOT EXISTS (SELECT FROM pg_depend WHERE objid = pg_proc.oid AND deptype = 'e')`);
    // This one reads, with the owner's rights, by what the reader may not see.
    expect(open).toEqual(['cartas_do_pacote']);
  });

  test('the reader writes nowhere, though it may leave the read-only mode that its role begins with', async () => {
    expect((await reader.query('SHOW transaction_read_only')).rows).toEqual([
      { transaction_read_only: 'off' },
    ]);
    const tables = await relations(`'r', 'p'`);
    const writes = tables.flatMap((name) => [
      `INSERT INTO ${name} DEFAULT VALUES`,
      `DELETE FROM ${name}`,
      `TRUNCATE ${name}`,
      `SELECT * FROM ${name} FOR UPDATE`,
      `LOCK TABLE ${name} IN EXCLUSIVE MODE`,
      `ALTER TABLE ${name} ADD COLUMN x int`,
    ]);
    // LOCK outside a transaction is refused for that reason first, so each runs in one of its own.
    const each = writes.map((sql) => `BEGIN; ${sql}`);
    for (const sql of each) {
      expect(`${await attempt(reader, sql)}: ${sql}`).toBe(`${DENIED}: ${sql}`);
      await reader.query('ROLLBACK');
    }
    const definitions = [
      'CREATE TABLE public.x ()',
      'CREATE TEMPORARY TABLE x ()',
      'CREATE VIEW public.x AS SELECT 1',
      'CREATE SCHEMA x',
      'CREATE FUNCTION public.x() RETURNS int LANGUAGE sql RETURN 1',
      'CREATE FUNCTION pg_temp.x() RETURNS int LANGUAGE sql RETURN 1',
      `SELECT lo_create(0)`,
      `SELECT lo_from_bytea(0, 'x')`,
    ];
    expect(await otherThan(DENIED, reader, definitions)).toEqual([]);
    // Which error it is depends on the extensions that the server has.
    expect(await attempt(reader, 'CREATE EXTENSION postgres_fdw')).not.toBe('done');
  });

  test('the reader sees no password, no file, no setting of the server, and holds no writer up', async () => {
    expect(
      await otherThan(DENIED, reader, [
        'SELECT * FROM pg_authid',
        'SELECT * FROM pg_shadow',
        `SELECT pg_read_file('PG_VERSION')`,
        `SELECT pg_ls_dir('.')`,
        `SELECT lo_import('/etc/passwd')`,
        `COPY pacotes TO '/tmp/pacotes'`,
        `COPY pacotes TO PROGRAM 'cat'`,
        'SHOW hba_file',
        'SELECT pg_reload_conf()',
        'SET ROLE rastreio_owner',
        'SET SESSION AUTHORIZATION rastreio_writer',
        'ALTER ROLE grafana_reader SUPERUSER',
        'SELECT pg_advisory_lock(762002)',
        'SELECT pg_advisory_xact_lock(762003)',
        'SELECT pg_try_advisory_lock(762001, 0)',
      ]),
    ).toEqual([]);
  });

  test('the reader begins read-only, and a statement of its ends after fifteen seconds', async () => {
    const sql = `SELECT current_setting('statement_timeout') AS limit, current_setting('transaction_read_only') AS read_only`;
    const settings = await withClient(database.readerUrl, async (client) => {
      const { rows } = await client.query<Record<string, string>>(sql);
      return rows;
    });
    expect(settings).toEqual([{ limit: '15s', read_only: 'on' }]);
  });

  test('another database is out of reach', async () => {
    const name = new URL(database.adminUrl).pathname.slice(1);
    const other = `${name}_alheio`;
    await withClient(server.adminUrl, async (client) => {
      await client.query(`CREATE DATABASE ${other}`);
    });
    try {
      await withClient(inDatabase(server.adminUrl, other), async (client) => {
        await client.query('CREATE TABLE public.segredo AS SELECT 1 AS n');
      });
      expect(await attempt(reader, `SELECT * FROM ${other}.public.segredo`)).toBe(NOT_IMPLEMENTED);
      const there = new Client({ connectionString: inDatabase(database.readerUrl, other) });
      // PostgreSQL lets everybody into a database whose owner did not close it; there is nothing to read there.
      await there.connect();
      expect(await attempt(there, 'SELECT * FROM public.segredo')).toBe(DENIED);
      await there.end();
      await withClient(server.adminUrl, async (client) => {
        await client.query(`REVOKE CONNECT ON DATABASE ${other} FROM PUBLIC`);
      });
      const outside = withClient(inDatabase(database.readerUrl, other), () => Promise.resolve());
      await expect(outside).rejects.toMatchObject({ code: DENIED });
    } finally {
      await withClient(server.adminUrl, async (client) => {
        await client.query(`DROP DATABASE ${other} WITH (FORCE)`);
      });
    }
  });

  test('the writer adds events and changes nothing that is derived, promised or configured', async () => {
    const kept = (await relations(`'r', 'p'`)).filter((name) =>
      /^(resumo_|prazos|retencao|eventos_anteriores|eventos_corrigidos|correcoes|limites|catalogo_status|versao_do_esquema|migracoes|funcoes_aplicadas|alheio)/.test(
        name,
      ),
    );
    expect(kept.length).toBeGreaterThan(12);
    const statements = [
      ...kept.flatMap((name) => [
        `INSERT INTO ${name} DEFAULT VALUES`,
        `DELETE FROM ${name}`,
        `TRUNCATE ${name}`,
      ]),
      'UPDATE resumo_status SET total = 0',
      `UPDATE prazos SET prazo = '1 day'`,
      'UPDATE limites SET valor = 0',
      'UPDATE versao_do_esquema SET escritor_minimo = 0',
      ...['eventos_rastreamento', 'pacotes', 'eventos_rejeitados', 'ingestao'].flatMap((name) => [
        `DELETE FROM ${name}`,
        `TRUNCATE ${name}`,
      ]),
      `UPDATE eventos_rastreamento SET status_rastreamento = 'ENTREGUE'`,
      'SELECT * FROM conferencia.pacotes',
      'CREATE TABLE public.x ()',
      'ALTER TABLE pacotes DISABLE TRIGGER ALL',
    ];
    expect(await otherThan(DENIED, writer, statements)).toEqual([]);
  });
});
