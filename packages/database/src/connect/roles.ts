/** Grafana asks as two roles with the same rights, so that whoever spoils a connection of the dashboards spoils none of the alert rules. */
export const ROLES = {
  owner: 'rastreio_owner',
  writer: 'rastreio_writer',
  reader: 'grafana_reader',
  alerts: 'grafana_alerts',
} as const;
