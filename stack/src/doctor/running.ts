import { readStatus, withClient } from '@rastreio/database';
import { readTopics, type TopicState } from '@rastreio/kafka';
import { createLog } from '@rastreio/runtime';
import { TOPIC_DEAD_LETTERS, TOPIC_EVENTS } from '@rastreio/contract';
import { createApi } from '../grafana/api';
import { PLUGIN_ID } from '../grafana/child';
import { oldestGrafana } from '../grafana/version';
import { check, fail, ok, warn } from './types';

const NOTHING = 'no stack runs';
const ANSWER_MS = 5_000;

/** What came of asking something that runs: undefined where no stack does. */
type Asked<T> = { readonly answer: T } | { readonly problem: string } | undefined;

export const schema = check({
  code: 'RD060',
  title: 'Schema of the running database',
  wants:
    'it answers, has the migrations and functions of this checkout and no others, and room for the locks of its chunks',
  remedy: 'npm run db:migrate',
  gather: async ({ running }): Promise<Asked<Awaited<ReturnType<typeof readStatus>>>> => {
    const stack = await running();
    return stack === null ? undefined : asked(withClient(stack.databaseUrlAs('owner'), readStatus));
  },
  judge: (found) => {
    if (found === undefined) return ok(NOTHING);
    if ('problem' in found)
      return fail(`it does not answer: ${found.problem}`, 'see database.log among the logs');
    const { pending, unknown, functions, locks, server, timescaledb } = found.answer;
    if (unknown.length > 0)
      return fail(`migrated by a newer version (${unknown.join(', ')})`, 'check that version out');
    if (pending.length > 0) return fail(`pending: ${pending.join(', ')}`);
    if (locks !== null && locks.needed > locks.room)
      return warn('too few locks', `set max_locks_per_transaction = ${locks.wanted} and restart PostgreSQL`);
    const extension = timescaledb === null ? '' : `, TimescaleDB ${timescaledb.version}`;
    return ok(`functions ${functions}; PostgreSQL ${server}${extension}`);
  },
});

export const topics = check({
  code: 'RD061',
  title: 'Topics of the running Kafka',
  wants:
    'it answers, and has both topics, each partition with a leader, with the settings that `kafka:topics` gives them',
  remedy:
    'npm run kafka:topics makes what is missing; settings of a topic that is there are changed with Kafka’s own tools',
  gather: async ({ running }): Promise<Asked<readonly TopicState[]>> => {
    const stack = await running();
    const log = createLog('doctor', 'silent');
    return stack === null ? undefined : asked(readTopics({ brokers: stack.brokers, log }));
  },
  judge: (found) => {
    if (found === undefined) return ok(NOTHING);
    if ('problem' in found)
      return fail(`it does not answer: ${found.problem}`, 'see kafka.log among the logs');
    const there = found.answer;
    const missing = [TOPIC_EVENTS, TOPIC_DEAD_LETTERS].filter(
      (name) => !there.some((topic) => topic.name === name),
    );
    if (missing.length > 0) return fail(`missing: ${missing.join(', ')}`);
    const leaderless = there.filter((topic) => topic.led < topic.partitions);
    if (leaderless.length > 0)
      return fail(
        `without a leader: partitions of ${leaderless.map(({ name }) => name).join(', ')}`,
        'start the broker that has them',
      );
    const others = there.flatMap(({ name, differs }) =>
      differs.map(({ setting, is, wanted }) => `${name} has ${setting}=${is} instead of ${wanted}`),
    );
    return others.length > 0
      ? warn(others.join('; '))
      : ok(there.map((t) => `${t.name} (${t.partitions})`).join(', '));
  },
});

export const services = check({
  code: 'RD062',
  title: 'Services that run',
  wants: 'consumer, HTTP source and dashboards of the running stack say that they are ready',
  remedy: 'see the logs of the one that is named; npm start starts it again by itself when it ends',
  gather: async ({ running }) => {
    const known = (await running())?.ports;
    if (known === undefined) return undefined;
    const asking = { consumer: known.metrics, http: known.http, notices: known.notices };
    const preview = (await running())?.grafana === null;
    const places = Object.entries(asking).filter(([name]) => !(preview && name === 'notices'));
    return Promise.all(
      places.map(async ([name, port]) => ({
        name,
        problem: await asked(ready(`http://127.0.0.1:${port}/readyz`)),
      })),
    );
  },
  judge: (found) => {
    if (found === undefined) return ok(NOTHING);
    const bad = found.flatMap(({ name, problem }) =>
      problem !== undefined && 'problem' in problem ? [`${name}: ${problem.problem}`] : [],
    );
    return bad.length > 0 ? fail(bad.join('; ')) : ok(found.map(({ name }) => name).join(', '));
  },
});

export const grafana = check({
  code: 'RD063',
  title: 'Grafana that runs',
  wants: 'it answers, is not older than the panel works in, takes our password and has the panel plugin',
  remedy: 'see grafana.log among the logs; npm start -- --preview does without it',
  gather: async ({ running }) => {
    const stack = await running();
    if (stack === null || stack.grafana === null) return stack === null ? undefined : 'preview';
    const { url, password } = stack.grafana;
    const api = createApi({ url, password });
    return {
      needed: await oldestGrafana(),
      found: await asked(
        (async () => {
          const { version } = (await ready(`${url}/api/health`)) as { version: string };
          return { version, plugin: (await api.find(`/api/plugins/${PLUGIN_ID}/settings`)) !== undefined };
        })(),
      ),
    };
  },
  judge: (facts) => {
    if (facts === undefined) return ok(NOTHING);
    if (facts === 'preview') return ok('the preview runs instead');
    const { needed, found } = facts;
    if (found === undefined || 'problem' in found) return fail(`it does not answer: ${found?.problem}`);
    const { version, plugin } = found.answer;
    if (isOlder(version, needed))
      return fail(`${version}, and ${minor(needed)} is needed`, 'give a newer one (GRAFANA_HOME)');
    return plugin ? ok(version) : fail(`${version} does not know the plugin ${PLUGIN_ID}`);
  },
});

/** Compares major and minor version. */
function isOlder(version: string, needed: string): boolean {
  const [a = 0, b = 0] = version.split('.').map(Number);
  const [c = 0, d = 0] = needed.split('.').map(Number);
  return a < c || (a === c && b < d);
}

const minor = (version: string) => version.split('.').slice(0, 2).join('.');

/** The JSON of an answer of 200. */
async function ready(url: string): Promise<unknown> {
  const response = await fetch(url, { signal: AbortSignal.timeout(ANSWER_MS) });
  const text = await response.text();
  if (!response.ok) throw new Error(`${url} answers ${response.status}: ${text.slice(0, 200)}`);
  return JSON.parse(text) as unknown;
}

async function asked<T>(work: Promise<T>): Promise<{ answer: T } | { problem: string }> {
  return work.then(
    (answer) => ({ answer }),
    (error: Error) => ({ problem: error.message }),
  );
}
