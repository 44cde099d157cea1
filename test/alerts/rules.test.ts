import { readFileSync } from 'node:fs';
import path from 'node:path';
import { holds, readRule, RuleQuestion, type Rule } from '@rastreio/alerts';
import { withClient } from '@rastreio/database';
import { rulesOfFiles } from '@rastreio/grafana/rules';
import { MATRIX, freshDatabase, type TestDatabase } from '@rastreio/testing/servers';
import { Client } from 'pg';
import { ROOT, RULE_GROUPS } from '../support/dashboardFiles';
import { writeWorld } from '../support/simulatedWorld';
import { CASES, type Case } from './cases';

const ENV = { SEM_PROMETHEUS: 'false', ALERT_WEBHOOK_URL: 'http://127.0.0.1:9/' };
const DOCUMENT = readFileSync(path.join(ROOT, 'docs/alerts.md'), 'utf8');
const PROMETHEUS = 'rastreio-prometheus';
const DATABASE = 'rastreio-banco';
const PRAZOS = RULE_GROUPS.filter(({ name }) => name === 'prazos').flatMap(({ rules }) =>
  rules.map(({ uid }) => uid),
);
const uids = RULE_GROUPS.flatMap(({ rules }) => rules)
  .filter(({ data }) => data.every(({ datasourceUid }) => datasourceUid !== PROMETHEUS))
  .map(({ uid }) => uid)
  .filter((uid) => uid !== DATABASE);

test('every rule on the database has a case', () => {
  expect(uids.toSorted()).toEqual(Object.keys(CASES).sort());
});

test('rules say number and limit, where to look, what to do, and what happens without data', () => {
  for (const rule of RULE_GROUPS.flatMap(({ rules }) => rules)) {
    const { summary = '', description = '', runbook_url = '' } = rule.annotations;
    expect([rule.uid, summary.length > 20, description.length > 40]).toEqual([rule.uid, true, true]);
    expect([rule.uid, DOCUMENT.includes(`\`${rule.uid}\``)]).toEqual([rule.uid, true]);
    expect([rule.uid, runbook_url]).toEqual([
      rule.uid,
      expect.stringMatching(/^\{\{ externalURL \}\}d\/alertas\//),
    ]);
    // Nothing of a row that may be missing stands in a text without what is said then.
    expect([rule.uid, /\{\{ ?\$(labels|values)/.test(summary)]).toEqual([rule.uid, false]);
  }
});

describe.each(MATRIX)('on $name', (server) => {
  let database: TestDatabase;
  let superuser: Client;
  const rules = new Map<string, Rule>();
  beforeAll(async () => {
    database = await freshDatabase(server);
    await writeWorld(database.writerUrl, { seed: 11, parcels: 6_000, days: 75, untilMs: Date.now() });
    await withClient(database.ownerUrl, (client) =>
      // Six thousand parcels are few: they are judged all the same.
      client.query(
        `UPDATE limites SET valor = 1 WHERE nome LIKE '%minimo%'; UPDATE limites SET valor = 86400 WHERE nome = 'origem_silencio';
         DELETE FROM feriados`,
      ),
    );
    superuser = new Client({ connectionString: database.adminUrl, pipeline: true });
    await superuser.connect();
    const found = await rulesOfFiles(path.join(ROOT, 'provisioning/alerting'), ENV);
    for (const rule of found.rules) if (uids.includes(rule.uid)) rules.set(rule.uid, readRule(rule));
  });
  afterAll(async () => {
    await superuser.end();
    await database.drop();
  });

  /** What the rule gives after these statements, of which nothing stays. */
  const answer = async (uid: string, ...statements: readonly string[]) => {
    const rule = rules.get(uid);
    if (rule === undefined) throw new Error(`there is no rule ${uid}`);
    await superuser.query('BEGIN');
    try {
      // At night ten minutes without an event are usual, and the clock of this run is not to decide what is known.
      await superuser.query(
        `UPDATE ingestao SET recebido_ate = now() WHERE minuto = (SELECT max(minuto) FROM ingestao)`,
      );
      for (const statement of statements) await superuser.query(statement);
      await superuser.query('SET LOCAL ROLE grafana_reader');
      return await new RuleQuestion(rule, uid).ask(superuser, Date.now());
    } finally {
      await superuser.query('ROLLBACK');
    }
  };
  /** Its value of each instance. */
  const ask = async (uid: string, ...statements: readonly string[]): Promise<ReadonlyMap<string, number>> => {
    const { evaluation, error } = await answer(uid, ...statements);
    expect([uid, error]).toEqual([uid, undefined]);
    if (evaluation.kind !== 'rows') throw new Error(`${uid}: ${evaluation.kind}`);
    return new Map([...evaluation.rows].flatMap(([key, value]) => (value === null ? [] : [[key, value]])));
  };
  const firing = async (uid: string, ...statements: readonly string[]) => {
    const values = await ask(uid, ...statements);
    const rule = rules.get(uid);
    return [...values]
      .filter(([, value]) => rule !== undefined && holds(rule.fires, value))
      .map(([key]) => key);
  };

  test.each(Object.entries(CASES))('%s fires just over its limit and not just inside', async (uid, given) => {
    const [over, inside] = await statesOf(uid, given);
    expect(await firing(uid, ...inside)).toEqual([]);
    expect((await firing(uid, ...over)).length).toBeGreaterThan(0);
  });

  test.each(PRAZOS)(
    '%s keeps quiet while no new event comes, rather than say that all is well',
    async (uid) => {
      const { evaluation } = await answer(
        uid,
        `UPDATE ingestao SET recebido_ate = now() - interval '11 minutes'`,
      );
      expect(evaluation).toEqual({ kind: 'no data' });
      expect(rules.get(uid)).toMatchObject({ noData: 'KeepLast', onError: 'KeepLast' });
    },
  );

  test.each(['rastreio-transportadora-no-prazo', 'rastreio-transportadora-calada'])(
    '%s has nothing to say where no parcel has a carrier',
    async (uid) => {
      const { evaluation, error } = await answer(uid, `UPDATE pacotes SET transportadora = NULL`);
      expect([evaluation, error]).toEqual([{ kind: 'no data' }, undefined]);
      expect(rules.get(uid)).toMatchObject({ noData: 'KeepLast', onError: 'KeepLast' });
    },
  );

  test('messages that Kafka removed before they were read are an alert for a day', async () => {
    const removed = (ago: string) =>
      `INSERT INTO mensagens_perdidas VALUES ('eventos_rastreamento', 0, 'c', 3, 10, now() - interval '${ago}')`;
    expect([...(await ask('rastreio-conta', removed('23 hours'))).values()]).toEqual([7]);
    expect(await firing('rastreio-conta', removed('23 hours'))).toHaveLength(1);
    expect(await firing('rastreio-conta', removed('25 hours'))).toEqual([]);
  });

  /** Of parcels of the last weeks. */
  const promised = (instant: string) =>
    `UPDATE pacotes SET prazo_inicial = ${instant}, prazo_final = ${instant} WHERE data_inicio > now() - interval '20 days' OR aberto`;
  test('promises of the parcels’ own, kept or not, decide what is at risk and what a posting day keeps', async () => {
    const [kept, broken] = [promised(`now() + interval '90 days'`), promised('data_inicio')];
    // By promises alone.
    const noPercentiles = `UPDATE limites SET valor = 1e9 WHERE nome = 'risco_minimo_entregas'`;
    expect([...(await ask('rastreio-em-risco', noPercentiles, kept)).values()]).toEqual([0]);
    expect(await firing('rastreio-em-risco', noPercentiles, broken)).toHaveLength(1);
    // A hundredth of what is usual, since few parcels a day and this run's hour make a day seem slow by chance.
    const lenient = `UPDATE limites SET valor = 0.01 WHERE nome = 'postagem_no_prazo'`;
    expect(await firing('rastreio-no-prazo-postagem', lenient, kept)).toEqual([]);
    expect((await firing('rastreio-no-prazo-postagem', lenient, broken)).length).toBeGreaterThan(0);
  });

  test('a limit that is missing is an error of the rules that ask for it, and an alert', async () => {
    const removed = `ALTER TABLE limites DISABLE TRIGGER guarda; DELETE FROM limites WHERE nome = 'em_risco'`;
    expect((await answer('rastreio-em-risco', removed)).error).toMatch(/limites has no row "em_risco"/);
    expect(await firing('rastreio-limites', removed)).toHaveLength(1);
  });

  /** Two lists of statements: with the figure just over the limit, and just inside. */
  const statesOf = async (
    uid: string,
    { given, limit, fires, quiet }: Case,
  ): Promise<[string[], string[]]> => {
    const before = given === undefined ? [] : [given];
    if (limit === undefined)
      return [
        [...before, fires ?? ''],
        [...before, quiet ?? ''],
      ];
    const scale = (factor: number) => `UPDATE limites SET valor = valor * ${factor} WHERE nome = '${limit}'`;
    // Values are times the limit.
    const below = rules.get(uid)?.fires.type === 'lt';
    const values = [...(await ask(uid, ...before)).values()];
    const worst = below ? Math.min(...values) : Math.max(...values);
    const [just, over] = [scale(worst * 0.999), scale(worst * 1.001)];
    return below
      ? [
          [...before, over],
          [...before, just],
        ]
      : [
          [...before, just],
          [...before, over],
        ];
  };
});
