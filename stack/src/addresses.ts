import path from 'node:path';
import { BATCH_DATABASE, DATABASE } from './services';

export interface Address {
  readonly what: string;
  readonly url: string;
  readonly user: string;
}

/** What the table of addresses is made of. */
export interface Places {
  readonly dir: string;
  readonly dashboardsUrl: string;
  /** Dashboards to name, the home page first. */
  readonly dashboards: readonly { readonly uid: string; readonly title: string }[];
  readonly grafana: boolean;
  readonly httpUrl: string;
  readonly metricsUrl: string;
  readonly prometheusUrl: string | undefined;
  readonly noticesUrl: string | undefined;
  readonly brokers: string;
  readonly database: { readonly host: string; readonly port: number };
}

/** The addresses that are told at the end of a start. */
export function addressesOf(places: Places): Address[] {
  const { dir, grafana, database } = places;
  const secretsFile = path.join(dir, 'secrets.json');
  const place = `${database.host}:${database.port}`;
  const viewer = grafana
    ? `none to look; admin to edit, password in ${secretsFile}`
    : 'none (preview, read only)';
  const reader = `grafana_reader, password in ${secretsFile}`;
  return [
    ...places.dashboards.map(({ uid, title }) => ({
      what: title,
      url: `${places.dashboardsUrl}/d/${uid}`,
      user: viewer,
    })),
    ...(places.noticesUrl === undefined ? [] : [{ what: 'Avisos', url: places.noticesUrl, user: 'none' }]),
    { what: 'Send events', url: `${places.httpUrl}/eventos`, user: 'none' },
    { what: 'Read about it', url: `${places.httpUrl}/docs`, user: 'none' },
    { what: 'Consumer metrics', url: `${places.metricsUrl}/metrics`, user: 'none' },
    ...(places.prometheusUrl === undefined
      ? []
      : [{ what: 'Prometheus', url: places.prometheusUrl, user: 'none' }]),
    { what: 'Kafka', url: places.brokers, user: 'none' },
    { what: 'Database', url: `postgresql://${place}/${DATABASE}`, user: reader },
    { what: 'Batch database', url: `postgresql://${place}/${BATCH_DATABASE}`, user: reader },
    { what: 'Logs', url: path.join(dir, 'logs'), user: '' },
  ];
}
