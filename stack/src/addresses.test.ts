import { addressesOf, type Places } from './addresses';

const places: Places = {
  dir: '/s',
  dashboardsUrl: 'http://localhost:3000',
  dashboards: [{ uid: 'torre', title: 'Torre' }],
  grafana: true,
  httpUrl: 'http://localhost:8080',
  metricsUrl: 'http://localhost:9101',
  prometheusUrl: 'http://127.0.0.1:9090',
  noticesUrl: 'http://localhost:8090',
  brokers: 'localhost:9094',
  database: { host: '127.0.0.1', port: 5434 },
};
const of = (what: string, changes: Partial<Places> = {}) =>
  addressesOf({ ...places, ...changes }).find((address) => address.what === what);

test('both databases have an address to copy, with the user, and where the password is', () => {
  expect(of('Database')).toEqual({
    what: 'Database',
    url: 'postgresql://grafana_reader@127.0.0.1:5434/rastreio',
    user: 'password: "reader" in /s/secrets.json',
  });
  expect(of('Batch database')?.url).toBe('postgresql://grafana_reader@127.0.0.1:5434/rastreio_lote');
});

test('who may edit is said of Grafana, not of the preview; what does not run has no line', () => {
  expect(of('Torre')?.user).toBe('none to look; admin to edit, password: "grafanaAdmin" in /s/secrets.json');
  expect(of('Torre', { grafana: false })?.user).toBe('none (preview, read only)');
  expect(of('Avisos', { noticesUrl: undefined })).toBeUndefined();
  expect(of('Prometheus', { prometheusUrl: undefined })).toBeUndefined();
  for (const { url } of addressesOf(places))
    expect(url).toMatch(/^((https?|postgresql):\/\/\S+|\S+:\d+|\/s\/logs)$/);
});
