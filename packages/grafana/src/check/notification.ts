import { randomUUID } from 'node:crypto';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Client } from '../client';
import { unsetNames } from '../interpolate';
import { asList, asObject, asText, type JsonObject } from '../json';
import type { Unit } from '../units';
import { noticesAt, waitForNotice } from './noticePage';
import type { Row } from './row';

/** How long a notification is waited for that Grafana says it has delivered. */
export const WEBHOOK_WAIT_MS = 15_000;
const SHOWN = 120;
/** Tells one test from others. */
const LABEL = 'teste';

/** How a test alert is received. */
interface Receiving {
  /** The address of this machine as Grafana sees it. */
  readonly host: string;
  readonly waitMs: number;
}

/**
 * Sends a test alert through each webhook contact point's own settings: to its address where that is a page of `rastreio notices`, which
 * then shows it, else to a listener on this machine, which Grafana must be able to reach.
 */
export async function checkNotification(
  client: Client,
  points: readonly Unit[],
  { host, waitMs }: Receiving,
): Promise<readonly Row[]> {
  const webhooks = points.filter(({ content }) => content.type === 'webhook');
  const rows: Row[] = [];
  for (const point of webhooks) rows.push(await checkWebhook(client, point, { host, waitMs }));
  if (webhooks.length === 0)
    rows.push({
      part: 'notification',
      what: 'pontos de contato',
      ok: false,
      detail: 'no webhook among the contact points of the files; --skip notification',
    });
  return rows;
}

/** Where a test alert is looked for. */
interface Place {
  readonly name: string;
  readonly settings: JsonObject;
  /** The title of what arrived; undefined when nothing does in time. */
  readonly arrived: () => Promise<string | undefined>;
  readonly close: () => Promise<void>;
}

async function checkWebhook(
  client: Client,
  { key, content }: Unit,
  { host, waitMs }: Receiving,
): Promise<Row> {
  const base = { part: 'notification' as const, what: `ponto de contato "${asText(content.name)}"` };
  const id = randomUUID();
  const settings = asObject(content.settings);
  const place = (await pageOf(settings, id, waitMs)) ?? (await listenerFor(settings, host, waitMs));
  const started = performance.now();
  try {
    const answer = await client.send<JsonObject>(
      'POST',
      '/api/alertmanager/grafana/config/api/v1/receivers/test',
      {
        receivers: [
          {
            name: content.name ?? key,
            grafana_managed_receiver_configs: [
              {
                name: content.name ?? key,
                type: 'webhook',
                disableResolveMessage: false,
                settings: place.settings,
              },
            ],
          },
        ],
        alert: {
          labels: {
            alertname: 'rastreio grafana:check',
            grafana_folder: 'Rastreio',
            gravidade: 'aviso',
            [LABEL]: id,
          },
          annotations: { summary: 'Mensagem de teste' },
        },
      },
    );
    const [result] = asList(answer.receivers).flatMap((receiver) =>
      asList(asObject(receiver).grafana_managed_receiver_configs).map(asObject),
    );
    // Grafana answers when it has delivered or given up.
    const title = result?.status === 'ok' ? await place.arrived() : undefined;
    const ms = Math.round(performance.now() - started);
    if (title === undefined)
      return {
        ...base,
        ok: false,
        ms,
        detail: `nothing arrived at ${place.name}: ${asText(result?.error) || 'no error told'}`,
      };
    if (title === '')
      return {
        ...base,
        ok: false,
        ms,
        detail: `arrived at ${place.name} without a title: Grafana learns of a new template within a minute; check again`,
      };
    return { ...base, ok: true, ms, detail: `arrived at ${place.name}: ${title.slice(0, SHOWN)}` };
  } catch (error) {
    return { ...base, ok: false, detail: (error as Error).message };
  } finally {
    await place.close();
  }
}

/** Its own address and secrets, where that is a page of notices and all variables are set here. */
async function pageOf(settings: JsonObject, id: string, waitMs: number): Promise<Place | undefined> {
  const url = asText(settings.url);
  if (unsetNames(settings).length > 0 || (await noticesAt(url)) === undefined) return undefined;
  return {
    name: 'the page of notices',
    settings,
    arrived: () => waitForNotice(url, [LABEL, id], waitMs),
    close: () => Promise.resolve(),
  };
}

async function listenerFor(settings: JsonObject, host: string, waitMs: number): Promise<Place> {
  const { url, received, close } = await listen(host, waitMs);
  return {
    name: 'the check’s listener',
    settings: { ...withoutSecrets(settings), url },
    async arrived() {
      const body = await received;
      if (body === undefined) return undefined;
      const { title, message } = asObject(JSON.parse(body));
      return asText(title) || asText(message);
    },
    close,
  };
}

/** The listener wants none, and they are nobody's business there. */
function withoutSecrets(settings: JsonObject): JsonObject {
  return Object.fromEntries(
    Object.entries(settings).filter(
      ([key]) => !/pass|token|secret|key|credential|authorization|user/i.test(key),
    ),
  );
}

async function listen(
  host: string,
  waitMs: number,
): Promise<{
  readonly url: string;
  /** The first message; undefined when none comes in time. */
  readonly received: Promise<string | undefined>;
  readonly close: () => Promise<void>;
}> {
  let take: (body: string | undefined) => void = () => undefined;
  const received = new Promise<string | undefined>((resolve) => (take = resolve));
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      response.end('{}');
      take(Buffer.concat(chunks).toString());
    });
  });
  await new Promise<void>((resolve) => server.listen(0, host === '127.0.0.1' ? host : '0.0.0.0', resolve));
  const timer = setTimeout(() => take(undefined), waitMs);
  return {
    url: `http://${host}:${(server.address() as AddressInfo).port}/`,
    received,
    close: async () => {
      clearTimeout(timer);
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
