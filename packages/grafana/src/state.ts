import { randomBytes } from 'node:crypto';
import { gunzipSync, gzipSync } from 'node:zlib';
import { EXIT, OperatorError } from '@rastreio/runtime';
import { ApiError, type Client } from './client';
import { asList, asObject, fingerprint, isObject, type Json, type JsonObject } from './json';
import type { Place } from './policyTree';
import type { Remembered } from './threeWay';

/** Folders and dashboards share their uids. */
const STATE = { uid: 'rastreio-estado', folderUid: 'rastreio-interno', title: 'Rastreio (estado)' } as const;
const FORMAT = 1;
const CONFLICT = [409, 412];
const TEXT = [
  'Aqui `npm run grafana:apply` guarda o que aplicou por último, para reconhecer o que foi editado na tela.',
  'Não edite e não apague: sem esta página, tudo o que difere dos arquivos conta como editado na tela.',
].join('\n\n');

/** What is remembered of one unit. */
export interface Memory extends Omit<Remembered, 'applied'> {
  /** The content that was applied last, its secrets concealed. */
  readonly content?: JsonObject | undefined;
}

/** What is remembered in Grafana itself, in a dashboard that only administrators see. */
export interface State {
  /** Makes concealed secrets incomparable between two Grafanas. */
  readonly salt: string;
  readonly place?: Place | undefined;
  readonly units: Readonly<Record<string, Memory>>;
  /** The dashboard's version, so that two applies at once do not mix; 0 before the first. */
  readonly version: number;
}

/** The fingerprints of a memory. */
export function rememberedOf(memory: Memory | undefined): Remembered {
  const { content, next, pulled } = memory ?? {};
  return { applied: content === undefined ? undefined : fingerprint(content), next, pulled };
}

/** Reads what was applied last. @throws OperatorError when a newer program wrote it or it was damaged */
export async function readState(client: Client): Promise<State> {
  const found = await client.find<JsonObject>(`/api/dashboards/uid/${STATE.uid}`);
  if (found === undefined) return { salt: randomBytes(16).toString('hex'), units: {}, version: 0 };
  const dashboard = asObject(found.dashboard);
  const variable = asObject(asList(asObject(dashboard.templating).list)[0]);
  const { format, salt, place, units } = decode(variable.query);
  if (format !== FORMAT || typeof salt !== 'string' || !isObject(units))
    throw new OperatorError(
      `The dashboard "${STATE.title}" (${client.url}/d/${STATE.uid}) is damaged or of a newer version: restore it from its version history, ` +
        'or delete it (then everything that differs from the files counts as edited on the screen)',
      EXIT.wrong,
    );
  return {
    salt,
    place: place === 'root' || place === 'branch' ? place : undefined,
    units: units as unknown as State['units'],
    version: Number(dashboard.version),
  };
}

/** Writes what was applied and returns it with its new version. @throws OperatorError when somebody else has written meanwhile */
export async function writeState(client: Client, state: State): Promise<State> {
  if (state.version === 0) await makeFolder(client);
  try {
    const saved = await client.send<JsonObject>('POST', '/api/dashboards/db', {
      dashboard: stateDashboard(state),
      folderUid: STATE.folderUid,
      message: 'npm run grafana:apply',
      overwrite: false,
    });
    return { ...state, version: Number(saved.version) };
  } catch (error) {
    if (error instanceof ApiError && CONFLICT.includes(error.status))
      throw new OperatorError(
        'Another grafana:apply or grafana:pull is writing to this Grafana; run this one again',
        EXIT.wrong,
        { cause: error },
      );
    throw error;
  }
}

/** Nobody but administrators is to see or edit it. */
async function makeFolder(client: Client): Promise<void> {
  if ((await client.find(`/api/folders/${STATE.folderUid}`)) === undefined)
    await client.send('POST', '/api/folders', { uid: STATE.folderUid, title: STATE.title });
  await client.send('POST', `/api/folders/${STATE.folderUid}/permissions`, { items: [] });
}

function stateDashboard({ salt, place, units, version }: State): JsonObject {
  const content: Json = { format: FORMAT, salt, place: place ?? null, units: units as unknown as JsonObject };
  return {
    uid: STATE.uid,
    title: STATE.title,
    version,
    schemaVersion: 41,
    editable: false,
    templating: {
      list: [
        {
          name: 'estado',
          type: 'constant',
          hide: 2,
          skipUrlSync: true,
          query: gzipSync(JSON.stringify(content)).toString('base64'),
        },
      ],
    },
    panels: [
      {
        id: 1,
        type: 'text',
        title: '',
        gridPos: { x: 0, y: 0, w: 24, h: 5 },
        options: { mode: 'markdown', content: TEXT },
      },
    ],
  };
}

function decode(text: Json | undefined): JsonObject {
  if (typeof text !== 'string') return {};
  try {
    return asObject(JSON.parse(gunzipSync(Buffer.from(text, 'base64')).toString('utf8')));
  } catch {
    // Not what we wrote; the caller says what to do.
    return {};
  }
}
