import { Html, html } from './html';
import type { Alert, Notice } from './notice';
import { STYLE } from './style';

/** What the page shows at most; all that is kept is at /avisos. */
const SHOWN_NOTICES = 100;
const SHOWN_ALERTS = 20;
const REFRESH_SECONDS = 10;
// As it is, since its hash stands in the content security policy.
const STYLE_ELEMENT = new Html(`<style>${STYLE}</style>`);
const STATES = { firing: 'Disparando', resolved: 'Resolvido' } as const;

/** The page of notices, newest first, in Portuguese, with times in a zone. It asks for itself again every ten seconds. */
export function noticesPage(notices: readonly Notice[], timeZone: string): string {
  const shown = notices.slice(0, SHOWN_NOTICES);
  const { text } = html`<!doctype html>
    <html lang="pt-BR">
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <meta http-equiv="refresh" content="${REFRESH_SECONDS}" />
        <link rel="icon" href="data:," />
        <title>Avisos do Rastreio</title>
        ${STYLE_ELEMENT}
      </head>
      <body>
        <header>
          <h1>Avisos</h1>
          <p class="weak">${countText(notices.length, shown.length)}</p>
        </header>
        <main>${shown.length === 0 ? EMPTY : shown.map((notice) => noticeCard(notice, timeZone))}</main>
      </body>
    </html> `;
  return text;
}

const EMPTY = html`<p>
  Nenhum aviso chegou ainda. Para ver um chegar: no Grafana, Alertas, Pontos de contato, "rastreio", Editar,
  Teste.
</p>`;

function countText(kept: number, shown: number): string {
  const refresh = `A página se atualiza a cada ${REFRESH_SECONDS} segundos.`;
  if (kept === 0) return refresh;
  const all = kept === 1 ? '1 aviso guardado' : `${kept} avisos guardados`;
  return `${all}${shown < kept ? `, aqui os ${shown} mais recentes` : ', o mais recente primeiro'}. ${refresh}`;
}

function noticeCard(notice: Notice, timeZone: string): Html {
  const shown = notice.alerts.slice(0, SHOWN_ALERTS);
  const more = notice.alerts.length - shown.length;
  return html`<article class="${notice.status}">
    <div class="${notice.status}">
      <span class="state">${STATES[notice.status]}</span>
      ${instant(notice.receivedAt, timeZone)}
    </div>
    <h2>${titleOf(notice)}</h2>
    ${shown.map((alert) => alertSection(alert, notice.status, timeZone))}
    ${more > 0 ? html`<p class="weak">e mais ${more}, em <a href="/avisos">/avisos</a></p>` : ''}
  </article> `;
}

function alertSection(alert: Alert, ofNotice: Notice['status'], timeZone: string): Html {
  const { status, labels, annotations, startsAt, endsAt } = alert;
  const { description = '' } = annotations;
  return html`<section>
    <h3>
      ${status === ofNotice ? '' : html`<span class="state ${status}">${STATES[status]}:</span> `}${summaryOf(alert)}
    </h3>
    ${description === '' ? '' : html`<p class="text">${readable(description)}</p>`}
    <p class="weak">
      Desde
      ${instant(startsAt, timeZone)}${status === 'resolved' && endsAt !== undefined ? html`, até ${instant(endsAt, timeZone)}` : ''}
    </p>
    <ul class="labels">
      ${Object.entries(labels).map(([name, value]) => html`<li>${name}: ${value}</li> `)}
    </ul>
    <ul>
      ${linksOf(alert)}
    </ul>
  </section> `;
}

function titleOf({ title = '', alerts }: Notice): string {
  if (title !== '') return title;
  const [first] = alerts;
  return first === undefined ? '' : summaryOf(first);
}

function summaryOf({ labels, annotations }: Alert): string {
  const { summary = '' } = annotations;
  return summary === '' ? labels.alertname || 'Alerta sem nome' : readable(summary);
}

/** A rule's text as the template of messages writes it (provisioning/alerting/notificacao.yaml, "rastreio.texto"). */
function readable(text: string): string {
  return text
    .replace(/\[no value\]|<no value>/g, '–')
    .replace(/(?<![\d.])(\d+)\.(\d{1,2})(?=\.?([^\d.]|$))/g, '$1,$2');
}

function linksOf(alert: Alert): readonly Html[] {
  return [
    link('Painel', alert.panelURL),
    link('Dashboard', alert.dashboardURL),
    link('Regra', alert.generatorURL),
    link('Silenciar', alert.status === 'firing' ? alert.silenceURL : undefined),
    link('O que fazer', alert.annotations.runbook_url),
  ].flat();
}

/** A link to the web; an address of another kind, such as javascript:, is shown as text. */
function link(text: string, address = ''): readonly Html[] {
  if (address === '') return [];
  if (!/^https?:\/\//i.test(address)) return [html`<li class="weak">${text}: ${address}</li> `];
  return [html`<li><a href="${address}" rel="noreferrer">${text}</a></li> `];
}

function instant(iso: string, timeZone: string): Html {
  const text = new Intl.DateTimeFormat('pt-BR', { dateStyle: 'short', timeStyle: 'medium', timeZone }).format(
    new Date(iso),
  );
  return html`<time datetime="${iso}">${text}</time>`;
}
