import { z } from 'zod';

const STATUSES = ['firing', 'resolved'] as const;
const texts = z.record(z.string(), z.string());
const instant = z.iso.datetime({ offset: true, error: 'use an instant such as 2026-11-26T12:00:00Z' });

/** One alert of a notification. */
const alertSchema = z.object({
  status: z.enum(STATUSES),
  labels: texts,
  annotations: texts.default({}),
  startsAt: instant,
  /** Grafana says the year 1 for an alert that still fires. */
  endsAt: instant.optional(),
  generatorURL: z.string().optional(),
  dashboardURL: z.string().optional(),
  panelURL: z.string().optional(),
  silenceURL: z.string().optional(),
});

/**
 * The body of a webhook of Grafana Alerting or of Prometheus' Alertmanager
 * (https://grafana.com/docs/grafana/latest/alerting/configure-notifications/manage-contact-points/integrations/webhook-notifier/),
 * as far as it is kept and shown.
 */
export const notificationSchema = z.object({
  receiver: z.string().default(''),
  status: z.enum(STATUSES),
  alerts: z.array(alertSchema).min(1, 'needs at least one alert'),
  groupLabels: texts.default({}),
  externalURL: z.string().optional(),
  /** Only of Grafana. */
  title: z.string().optional(),
  message: z.string().optional(),
});

/** A notification as it is kept. */
export const noticeSchema = notificationSchema.extend({ receivedAt: instant });

export type Alert = z.infer<typeof alertSchema>;
export type Notice = z.infer<typeof noticeSchema>;

/** What is wrong with a body: every field with what would be valid. */
export function problemsOf(error: z.ZodError): string {
  return error.issues
    .map(({ path, message }) => `${path.length === 0 ? 'the body' : path.map(String).join('.')}: ${message}`)
    .join('; ');
}
