import type { Env } from './interpolate';

/** The contact points that ALERT_CONTACT may name, both in provisioning/alerting/notificacao.yaml. */
export const CONTACTS = { webhook: 'rastreio', webhookAndEmail: 'rastreio-email' } as const;
/** Grafana refuses a receiver without an address; this one says what is missing, and no policy leads to it. */
const NO_EMAIL = 'nao-configurado@localhost';

/** The variables of the alerting files that need not be set. */
export interface NotificationEnv {
  readonly ALERT_EMAIL: string;
  readonly ALERT_CONTACT: string;
  readonly ALERT_WEBHOOK_TOKEN: string;
  readonly SEM_PROMETHEUS: string;
}

/** What they are where they are not set, or set to nothing: no e-mail, no token, and a Prometheus for the rules that ask it. */
export function notificationEnv(env: Env): NotificationEnv {
  const email = env.ALERT_EMAIL || NO_EMAIL;
  const contact = email === NO_EMAIL ? CONTACTS.webhook : CONTACTS.webhookAndEmail;
  return {
    ALERT_EMAIL: email,
    ALERT_CONTACT: env.ALERT_CONTACT || contact,
    ALERT_WEBHOOK_TOKEN: env.ALERT_WEBHOOK_TOKEN ?? '',
    SEM_PROMETHEUS: env.SEM_PROMETHEUS || 'false',
  };
}

/** The same for those among these names, of which each may be several with commas. */
export function notificationOf(env: Env, names: readonly string[]): Partial<NotificationEnv> {
  const wanted = new Set(names.flatMap((name) => name.split(', ')));
  return Object.fromEntries(Object.entries(notificationEnv(env)).filter(([name]) => wanted.has(name)));
}

/** The environment in which an address, or its lack, decides about the contact point. One that is not set leaves Grafana as it is. */
export function withContact(env: Env): Env {
  if (env.ALERT_EMAIL === undefined) return env;
  const { ALERT_EMAIL, ALERT_CONTACT } = notificationEnv(env);
  return { ...env, ALERT_EMAIL, ALERT_CONTACT };
}
