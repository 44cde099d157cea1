import { readFileSync } from 'node:fs';
import path from 'node:path';
import { Checkout } from '../test/checkout';
import { StandIn } from '../test/standIn';
import { applyToGrafana } from './apply';
import type { Env } from './interpolate';
import { asObject } from './json';
import { pullFromGrafana } from './pull';

/** This repository's own file. */
const NOTIFICATION = readFileSync(
  path.resolve(__dirname, '../../../provisioning/alerting/notificacao.yaml'),
  'utf8',
);
const WEBHOOK = { ALERT_WEBHOOK_URL: 'http://127.0.0.1:8090/avisos' };

let grafana: StandIn;
let checkout: Checkout;
let url: string;
beforeEach(async () => {
  grafana = new StandIn();
  checkout = new Checkout();
  checkout.writeAlerting('notificacao.yaml', NOTIFICATION);
  url = await grafana.start();
});
afterEach(async () => {
  checkout.remove();
  await grafana.stop();
});

const target = (env: Env) => ({
  url,
  auth: { user: 'admin', password: grafana.password },
  env,
  folders: checkout.folders,
});
const apply = (env: Env) => applyToGrafana(target(env));
const settingsOf = (uid: string) => asObject(grafana.points.get(uid)?.settings);

describe('provisioning/alerting/notificacao.yaml, against a stand-in for Grafana’s API', () => {
  test('contact points, policies, mute timing and templates arrive, and come back as they are', async () => {
    await apply(WEBHOOK);
    expect([...grafana.points.keys()].sort()).toEqual([
      'rastreio-email',
      'rastreio-email-webhook',
      'rastreio-webhook',
    ]);
    expect([...grafana.timings.keys()]).toEqual(['fora-do-expediente']);
    expect(grafana.templates.get('rastreio')).toContain('{{ define "rastreio.titulo" -}}');
    expect(grafana.tree).toMatchObject({
      receiver: 'rastreio',
      group_by: ['grafana_folder', 'alertname'],
      routes: [
        { object_matchers: [['grupo', '=', 'interrupcao']], group_by: ['grafana_folder', 'grupo'] },
        { object_matchers: [['rota', '=~', '.+']], group_interval: '15m', repeat_interval: '12h' },
      ],
    });
    expect(await apply(WEBHOOK)).toMatchObject({ created: [], updated: [], removed: [], kept: [] });
    expect(await pullFromGrafana(target(WEBHOOK))).toMatchObject({ files: [] });
  });

  test('without an address nobody’s policy leads to e-mail; with one it does, until it is taken away', async () => {
    await apply(WEBHOOK);
    expect(settingsOf('rastreio-email').addresses).toBe('nao-configurado@localhost');
    const withEmail = { ...WEBHOOK, ALERT_EMAIL: 'plantao@b.example' };
    expect((await apply(withEmail)).updated).toEqual(['contactPoint/rastreio-email', 'policies/']);
    expect([grafana.tree.receiver, settingsOf('rastreio-email').addresses]).toEqual([
      'rastreio-email',
      'plantao@b.example',
    ]);
    // A shell that knows nothing of e-mail leaves it alone.
    expect(await apply(WEBHOOK)).toMatchObject({ updated: [], kept: [] });
    await apply({ ...WEBHOOK, ALERT_EMAIL: '' });
    expect(grafana.tree.receiver).toBe('rastreio');
  });

  test('a token reaches every webhook, and none is needed', async () => {
    await apply(WEBHOOK);
    expect(settingsOf('rastreio-webhook')).not.toHaveProperty('authorization_credentials');
    await apply({ ...WEBHOOK, ALERT_WEBHOOK_TOKEN: 'segredo' });
    for (const uid of ['rastreio-webhook', 'rastreio-email-webhook'])
      expect(settingsOf(uid).authorization_credentials).toBe('segredo');
  });

  test('a contact point that is chosen on the screen is pulled by its name', async () => {
    const env = { ...WEBHOOK, ALERT_EMAIL: '' };
    await apply(env);
    const { receiver: _receiver, ...tree } = grafana.tree;
    grafana.tree = { receiver: 'rastreio-email', ...tree };
    expect((await pullFromGrafana(target(env))).files).toHaveLength(1);
    expect(checkout.readAlerting('notificacao.yaml')).toContain('    receiver: rastreio-email\n');
  });
});
