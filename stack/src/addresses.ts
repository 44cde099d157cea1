import path from 'node:path';
import { ROLES } from '@rastreio/database';
import type { Secrets } from './secrets';
import { BATCH_DATABASE, DATABASE } from './services';

export interface Address {
  readonly what: string;
  /** To be copied as it is: with the user, never with a password. */
  readonly url: string;
  /** Who gets in, and where the password is. */
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
  const secret = (name: keyof Secrets) => `"${name}" in ${path.join(dir, 'secrets.json')}`;
  const place = `${database.host}:${database.port}`;
  const viewer = grafana
    ? `none to look; admin to edit, password: ${secret('grafanaAdmin')}`
    : 'none (preview, read only)';
  const reader = `password: ${secret('reader')}`;
  const inDatabase = (name: string) => `postgresql://${ROLES.reader}@${place}/${name}`;
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
    { what: 'Database', url: inDatabase(DATABASE), user: reader },
    { what: 'Batch database', url: inDatabase(BATCH_DATABASE), user: reader },
    { what: 'Logs', url: path.join(dir, 'logs'), user: '' },
  ];
}
