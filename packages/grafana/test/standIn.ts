import { createServer, type IncomingMessage, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { asList, asObject, asText, same, type Json, type JsonObject } from '../src/json';

interface Answer {
  readonly status: number;
  readonly body: Json;
}

const NOT_FOUND: Answer = { status: 404, body: { message: 'not found' } };
const PRISTINE: JsonObject = {
  receiver: 'grafana-default-email',
  group_by: ['grafana_folder', 'alertname'],
};

/**
 * The small part of Grafana's HTTP API that this package uses, in memory and as Grafana 12.2 answers it: versions of dashboards, which
 * refuse a save on top of another; redacted secrets; defaults that Grafana fills into rules.
 */
export class StandIn {
  readonly folders = new Map<string, JsonObject>();
  readonly dashboards = new Map<string, { dashboard: JsonObject; version: number; folderUid: string }>();
  readonly rules = new Map<string, JsonObject>();
  readonly intervals = new Map<string, number>();
  readonly points = new Map<string, JsonObject>();
  readonly timings = new Map<string, JsonObject>();
  readonly templates = new Map<string, string>();
  /** Every request that changes something, as `METHOD path`. */
  readonly writes: string[] = [];
  /** Rules that the form opens in its simple mode. */
  readonly simple: string[] = [];
  /** Requests that are answered with 500 instead, as `METHOD path`. */
  readonly failing = new Set<string>();
  /** Called with the body of each save of a dashboard before it is looked at. */
  beforeSave: (dashboard: JsonObject) => void = () => undefined;
  /** Dashboards that are kept as v2, by uid; their classic form is null where Grafana cannot convert them. */
  readonly newer = new Map<string, { readonly v2: JsonObject; readonly classic: JsonObject | null }>();
  /** What /api/ds/query answers to a statement. */
  query: (rawSql: string) => Json = () => ({ frames: [] });
  /** The health of rules by uid. */
  readonly health = new Map<string, JsonObject>();
  tree: JsonObject = PRISTINE;
  /** Answers to /api/health that say that Grafana is still starting. */
  startingFor = 0;
  readonly password = 'senha-do-teste';
  private server: Server | undefined;

  async start(): Promise<string> {
    const server = createServer((request, response) => {
      void this.answer(request).then(({ status, body }) => {
        response.writeHead(status, { 'content-type': 'application/json' });
        response.end(JSON.stringify(body));
      });
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    this.server = server;
    return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  }

  async stop(): Promise<void> {
    await new Promise((resolve) => this.server?.close(resolve));
  }

  /** Saves as the screen does: what it loaded, changed. */
  editDashboard(uid: string, edit: (dashboard: JsonObject) => JsonObject): void {
    const before = this.dashboards.get(uid);
    if (before === undefined) throw new Error(`no dashboard ${uid}`);
    this.dashboards.set(uid, { ...before, dashboard: edit(before.dashboard), version: before.version + 1 });
  }

  editRule(uid: string, edit: (rule: JsonObject) => JsonObject): void {
    this.rules.set(uid, edit(this.rules.get(uid) ?? {}));
  }

  private async answer(request: IncomingMessage): Promise<Answer> {
    const url = new URL(request.url ?? '', 'http://grafana');
    const path = decodeURIComponent(url.pathname);
    const method = request.method ?? '';
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    const text = Buffer.concat(chunks).toString();
    const body = asObject(text === '' ? {} : (JSON.parse(text) as Json));
    if (path === '/api/health') {
      const ready = this.startingFor-- <= 0;
      return { status: ready ? 200 : 503, body: { database: ready ? 'ok' : 'starting' } };
    }
    const expected = `Basic ${Buffer.from(`admin:${this.password}`).toString('base64')}`;
    if (request.headers.authorization !== expected) return { status: 401, body: { message: 'no' } };
    if (method !== 'GET') this.writes.push(`${method} ${path}`);
    if (this.failing.has(`${method} ${path}`)) return { status: 500, body: { message: 'broken on purpose' } };
    if (path.startsWith('/api/v1/provisioning/')) {
      if (method !== 'GET' && request.headers['x-disable-provenance'] === undefined)
        return { status: 500, body: { message: 'would not be editable' } };
      return this.provisioning(method, path.slice('/api/v1/provisioning/'.length), body);
    }
    return this.content(method, path, url.searchParams, body);
  }

  private content(
    method: string,
    path: string,
    query: URLSearchParams,
    body: JsonObject,
  ): Answer | Promise<Answer> {
    const key = path.split('/').at(-1) ?? '';
    if (path === '/api/org') return ok({ id: 1 });
    if (path === '/api/frontend/settings') return ok({ buildInfo: { version: '12.4.10' } });
    if (path.startsWith('/apis/dashboard.grafana.app/')) return this.versions(path, key);
    if (path === '/api/ds/query') {
      const results = asList(body.queries).map((query): [string, Json] => [
        asText(asObject(query).refId),
        this.query(asText(asObject(query).rawSql)),
      ]);
      const failed = results.some(([, result]) => asObject(result).error !== undefined);
      return { status: failed ? 400 : 200, body: { results: Object.fromEntries<Json>(results) } };
    }
    if (path.startsWith('/api/datasources/'))
      return path.includes('fora')
        ? { status: 400, body: { message: 'connection refused' } }
        : ok({ status: 'OK', message: 'Database Connection OK' });
    if (path.startsWith('/api/plugins/'))
      return path.includes('falta') ? NOT_FOUND : ok({ info: { version: '1.0.0' } });
    if (path.startsWith('/api/prometheus/'))
      return ok({ data: { groups: [{ rules: [...this.health].map(([uid, rule]) => ({ uid, ...rule })) }] } });
    if (path.startsWith('/api/ruler/')) return this.form(method, key, body);
    if (path.endsWith('/receivers/test')) return notify(body);
    if (path === '/api/search')
      return ok(
        [
          ...this.dashboards,
          ...[...this.newer.keys()].map((uid) => [uid, { folderUid: 'rastreio' }] as const),
        ]
          .filter(([, { folderUid }]) => folderUid === query.get('folderUIDs'))
          .map(([uid, { folderUid }]) => ({ uid, folderUid })),
      );
    if (path === '/api/folders') {
      this.folders.set(asText(body.uid), body);
      return ok(body);
    }
    if (path.endsWith('/permissions')) return ok({});
    if (path.startsWith('/api/folders/')) return found(this.folders.get(key));
    if (path === '/api/dashboards/db') return this.save(body);
    if (!path.startsWith('/api/dashboards/uid/')) return NOT_FOUND;
    if (this.newer.has(key)) return { status: 406, body: { message: 'use /apis' } };
    const saved = this.dashboards.get(key);
    if (saved === undefined) return NOT_FOUND;
    if (method === 'DELETE') this.dashboards.delete(key);
    return ok({
      dashboard: { ...saved.dashboard, id: 7, version: saved.version },
      meta: {
        version: saved.version,
        folderUid: saved.folderUid,
        folderTitle: 'Rastreio',
        provisioned: false,
      },
    });
  }

  private versions(path: string, uid: string): Answer {
    if (uid === '') return ok({ versions: [{ version: 'v1beta1' }, { version: 'v2beta1' }] });
    const kept = this.newer.get(uid);
    const metadata: JsonObject = { generation: 3, annotations: { 'grafana.app/folder': 'rastreio' } };
    if (kept === undefined) return ok({ metadata, spec: this.dashboards.get(uid)?.dashboard ?? null });
    if (path.includes('/v2beta1/')) return ok({ metadata, spec: kept.v2 });
    const failed = kept.classic === null ? { failed: true, error: 'not yet' } : {};
    return ok({
      metadata,
      spec: kept.classic,
      status: { conversion: { storedVersion: 'v2beta1', ...failed } },
    });
  }

  private save({ dashboard: given, folderUid, overwrite }: JsonObject): Answer {
    const { id: _id, version, ...dashboard } = asObject(given);
    const uid = asText(dashboard.uid);
    this.beforeSave(dashboard);
    const before = this.dashboards.get(uid);
    // Folders and dashboards share their uids.
    if (this.folders.has(uid)) return { status: 409, body: { message: `"${uid}" already exists` } };
    if (before !== undefined && overwrite !== true && version !== before.version)
      return { status: 412, body: { message: 'the dashboard has been changed by someone else' } };
    const next = (before?.version ?? 0) + 1;
    // A save of what is there already is answered with a version that is not counted.
    if (same(before?.dashboard, dashboard) && folderUid === before?.folderUid)
      return ok({ uid, version: next });
    this.dashboards.set(uid, { dashboard, version: next, folderUid: asText(folderUid) });
    return ok({ uid, version: next });
  }

  private provisioning(method: string, path: string, body: JsonObject): Answer {
    const [kind = '', key = ''] = path.split('/');
    switch (kind) {
      case 'alert-rules':
        return ok([...this.rules.values()]);
      case 'folder':
        return this.group(method, key, path.split('/').slice(3).join('/'), body);
      case 'contact-points':
        if (method === 'DELETE') this.points.delete(key);
        else if (method !== 'GET')
          this.points.set(key || asText(body.uid), { ...body, uid: key || body.uid! });
        return ok([...this.points.values()].map(redact));
      case 'mute-timings':
        if (method === 'DELETE') this.timings.delete(key);
        else if (method !== 'GET') this.timings.set(asText(body.name), body);
        return ok([...this.timings.values()].map((timing) => ({ ...timing, version: 'v1' })));
      case 'templates':
        if (method === 'DELETE') this.templates.delete(key);
        else if (method !== 'GET') this.templates.set(key, asText(body.template));
        return ok([...this.templates].map(([name, template]) => ({ name, template, version: 'v1' })));
      case 'policies':
        if (method === 'DELETE') this.tree = PRISTINE;
        else if (method !== 'GET') this.tree = body;
        return ok(this.tree);
      default:
        return NOT_FOUND;
    }
  }

  /** The API of the rule form, which alone knows in which mode it opens. */
  private form(method: string, group: string, body: JsonObject): Answer {
    if (method === 'GET') {
      const inGroup = [...this.rules.values()].filter((rule) => rule.ruleGroup === group);
      return ok({
        name: group,
        interval: '1m',
        rules: inGroup.map(({ uid = '' }) => ({ grafana_alert: { uid } })),
      });
    }
    for (const rule of asList(body.rules)) {
      const { uid, metadata } = asObject(asObject(rule).grafana_alert);
      const settings = asObject(asObject(metadata).editor_settings);
      if (settings.simplified_query_and_expressions_section === true) this.simple.push(asText(uid));
    }
    return ok({});
  }

  private group(method: string, folderUID: string, name: string, body: JsonObject): Answer {
    const inGroup = [...this.rules.values()].filter((rule) => rule.ruleGroup === name);
    if (method === 'GET')
      return ok({ title: name, interval: this.intervals.get(name) ?? 60, rules: inGroup });
    // As in Grafana: a group whose last rule another one has taken over is not there any more.
    if (method === 'DELETE' && inGroup.length === 0) return NOT_FOUND;
    for (const rule of inGroup) this.rules.delete(asText(rule.uid));
    if (method === 'DELETE') return ok({});
    this.intervals.set(name, Number(body.interval));
    for (const rule of asList(body.rules).map(asObject))
      this.rules.set(asText(rule.uid), { ...filled(rule), ruleGroup: name, folderUID });
    return ok(body);
  }
}

/** Sends what a webhook would get to where it is told, as Grafana's test of a contact point does. */
async function notify({ receivers, alert }: JsonObject): Promise<Answer> {
  const [config] = asList(asObject(asList(receivers)[0]).grafana_managed_receiver_configs).map(asObject);
  const { url, title } = asObject(config?.settings);
  const body = JSON.stringify({ title: title ?? '[FIRING:1] teste', alerts: [alert ?? null] });
  const status = await fetch(asText(url), { method: 'POST', body }).then(
    () => ({ status: 'ok' }),
    (error: Error) => ({ status: 'failed', error: error.message }),
  );
  return ok({ receivers: [{ grafana_managed_receiver_configs: [status] }] });
}

/** What Grafana adds to a rule that does not say it. */
function filled(rule: JsonObject): JsonObject {
  const data = asList(rule.data).map((query) => ({
    ...asObject(query),
    queryType: '',
    model: { intervalMs: 1000, maxDataPoints: 43200, ...asObject(asObject(query).model) },
  }));
  return { for: '0s', keep_firing_for: '0s', isPaused: false, notification_settings: null, ...rule, data };
}

function redact(point: JsonObject): JsonObject {
  const settings = asObject(point.settings);
  return settings.password === undefined
    ? point
    : { ...point, settings: { ...settings, password: '[REDACTED]' } };
}

function ok(body: Json): Answer {
  return { status: 200, body };
}

function found(body: Json | undefined): Answer {
  return body === undefined ? NOT_FOUND : ok(body);
}
