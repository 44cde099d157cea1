import { GALLERY } from './variants';

const DATASOURCE = { type: 'grafana-postgresql-datasource', uid: 'rastreio-timescaledb' };
// Each refresh gives other figures, in the same order and with as many digits.
const TENTHS = '(extract(epoch FROM clock_timestamp()) * 10)::bigint % 90';

/** A panel whose figures change at every refresh; not a gallery panel, for no picture of it could be compared. */
export const LIVE = {
  ...GALLERY,
  uid: 'panel-gallery-live',
  title: 'Parcel tracking: live',
  panels: [
    {
      id: 1,
      type: 'rastreio-tracking-panel',
      title: 'Live',
      gridPos: { x: 0, y: 0, w: 24, h: 19 },
      targets: [
        `SELECT status_rastreamento, base + ${TENTHS} AS total_pacotes FROM (VALUES
          ('ENTREGUE', 5000), ('EM TRÂNSITO', 3000), ('POSTADO', 1000)) AS dados (status_rastreamento, base)`,
        `SELECT 204000 + ${TENTHS} AS tempo_medio_segundos`,
      ].map((rawSql, index) => ({
        refId: ['A', 'B'][index],
        datasource: DATASOURCE,
        format: 'table',
        rawSql,
      })),
      options: {},
      fieldConfig: { defaults: {}, overrides: [] },
    },
  ],
};
