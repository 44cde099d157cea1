import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Client } from '../client';
import { asList, asObject, asText, type JsonObject } from '../json';
import type { Unit } from '../units';
import type { Row } from './row';

const WAIT_MS = 15_000;
const SHOWN = 120;

/**
 * Sends a test alert through each webhook contact point's own settings to a listener on this machine, which Grafana must be able to
 * reach, instead of to its address.
 *
 * @param host the address of this machine as Grafana sees it
 */
export async function checkNotification(
  client: Client,
  points: readonly Unit[],
  host: string,
): Promise<readonly Row[]> {
  const webhooks = points.filter(({ content }) => content.type === 'webhook');
  const rows: Row[] = [];
  for (const point of webhooks) rows.push(await checkWebhook(client, point, host));
  if (webhooks.length === 0)
    rows.push({
      part: 'notification',
      what: 'pontos de contato',
      ok: false,
      detail: 'no webhook among the contact points of the files; --skip notification',
    });
  return rows;
}

async function checkWebhook(client: Client, { key, content }: Unit, host: string): Promise<Row> {
  const base = { part: 'notification' as const, what: `ponto de contato "${asText(content.name)}"` };
  const listener = await listen(host);
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
                settings: { ...withoutSecrets(asObject(content.settings)), url: listener.url },
              },
            ],
          },
        ],
        alert: {
          labels: { alertname: 'rastreio grafana:check', grafana_folder: 'Rastreio', gravidade: 'aviso' },
          annotations: { summary: 'Mensagem de teste' },
        },
      },
    );
    const [result] = asList(answer.receivers).flatMap((receiver) =>
      asList(asObject(receiver).grafana_managed_receiver_configs).map(asObject),
    );
    // Grafana answers when it has delivered or given up.
    const body = result?.status === 'ok' ? await listener.received : undefined;
    const ms = Math.round(performance.now() - started);
    if (body === undefined)
      return {
        ...base,
        ok: false,
        ms,
        detail: `nothing arrived: ${asText(result?.error) || 'no error told'}`,
      };
    const { title, message } = asObject(JSON.parse(body));
    const detail = `arrived: ${(asText(title) || asText(message)).slice(0, SHOWN)}`;
    return { ...base, ok: true, ms, detail };
  } catch (error) {
    return { ...base, ok: false, detail: (error as Error).message };
  } finally {
    await listener.close();
  }
}

/** The listener wants none, and they are nobody's business there. */
function withoutSecrets(settings: JsonObject): JsonObject {
  return Object.fromEntries(
    Object.entries(settings).filter(
      ([key]) => !/pass|token|secret|key|credential|authorization|user/i.test(key),
    ),
  );
}

async function listen(host: string): Promise<{
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
  const timer = setTimeout(() => take(undefined), WAIT_MS);
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
