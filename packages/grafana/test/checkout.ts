import { mkdtempSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { dashboardText } from '../src/dashboardForm';
import { foldersOf, type Folders } from '../src/folders';
import type { JsonObject } from '../src/json';

export const ENV = { ALERT_WEBHOOK_URL: 'http://127.0.0.1:9/segredo' };

export const PANEL: JsonObject = {
  id: 1,
  type: 'stat',
  title: 'Total',
  description: 'Pacotes.',
  gridPos: { x: 0, y: 0, w: 6, h: 4 },
  datasource: { type: 'grafana-postgresql-datasource', uid: 'rastreio-timescaledb' },
  targets: [
    { refId: 'A', format: 'table', rawQuery: true, rawSql: 'SELECT total_pacotes\nFROM indicadores_entrega' },
  ],
  fieldConfig: {
    defaults: { unit: 'none', noValue: 'Sem pacotes, ou o banco não respondeu' },
    overrides: [],
  },
};

export const DASHBOARD: JsonObject = {
  uid: 'torre',
  title: 'Torre de controle',
  schemaVersion: 41,
  panels: [PANEL],
  templating: { list: [] },
  links: [],
};

export const RULES = `# Alert rules.
apiVersion: 1

groups:
  - orgId: 1
    name: rastreio
    folder: Rastreio
    interval: 1m
    rules:
      - uid: rastreio-silencio
        title: Nenhum evento novo
        condition: C
        data:
          # Always one row.
          - refId: A
            relativeTimeRange: { from: 600, to: 0 }
            datasourceUid: rastreio-timescaledb
            model:
              refId: A
              format: table
              rawSql: |-
                SELECT segundos
                FROM ultimo_recebimento
          - refId: C
            datasourceUid: __expr__
            model:
              refId: C
              type: threshold
              expression: A
              conditions: [{ evaluator: { type: gt, params: [1] } }]
        dashboardUid: torre
        panelId: 1
        for: 0s
        noDataState: Alerting
        execErrState: Error
        labels:
          gravidade: critico
          rota: '{{ $$labels.rota }}'
        annotations:
          summary: 'Nada desde {{ $values.A }}' # shown in messages
          runbook_url: https://example.org/silencio
      - uid: rastreio-pausa
        title: Pausada
        condition: A
        data:
          - refId: A
            datasourceUid: rastreio-timescaledb
            model: { rawSql: SELECT 1 }
        dashboardUid: torre
        panelId: 1
        isPaused: true
        annotations: { runbook_url: https://example.org/pausa }
`;

export const NOTIFY = `# Where alerts go.
apiVersion: 1

contactPoints:
  - orgId: 1
    name: rastreio-webhook
    receivers:
      - uid: rastreio-webhook
        type: webhook
        settings:
          url: $ALERT_WEBHOOK_URL
          httpMethod: POST

policies:
  - orgId: 1
    receiver: rastreio-webhook
    group_by: [grafana_folder, alertname]
    group_wait: 60s

muteTimes:
  - name: noite
    time_intervals:
      - times: [{ start_time: '22:00', end_time: '24:00' }]

templates:
  - name: rastreio
    template: |-
      {{ define "rastreio.titulo" }}{{ .CommonLabels.alertname }}{{ end }}
`;

/** A folder with the files of a checkout, made anew for a test. */
export class Checkout {
  readonly root = mkdtempSync(path.join(tmpdir(), 'rastreio-grafana-'));
  readonly folders: Folders = foldersOf(this.root);

  constructor() {
    mkdirSync(this.folders.dashboards, { recursive: true });
    mkdirSync(this.folders.alerting, { recursive: true });
    this.writeDashboard('torre.json', DASHBOARD);
    this.writeAlerting('regras.yaml', RULES);
    this.writeAlerting('notificacao.yaml', NOTIFY);
  }

  writeDashboard(name: string, dashboard: JsonObject): void {
    writeFileSync(path.join(this.folders.dashboards, name), dashboardText(dashboard));
  }

  writeAlerting(name: string, text: string): void {
    writeFileSync(path.join(this.folders.alerting, name), text);
  }

  removeDashboard(name: string): void {
    rmSync(path.join(this.folders.dashboards, name));
  }

  readDashboard(name: string): string {
    return readFileSync(path.join(this.folders.dashboards, name), 'utf8');
  }

  readAlerting(name: string): string {
    return readFileSync(path.join(this.folders.alerting, name), 'utf8');
  }

  remove(): void {
    rmSync(this.root, { recursive: true });
  }
}
