import { interpolateAll } from './interpolateEnv';

test('variables are filled in as Grafana does in provisioning files', () => {
  const env = { HOST: 'db:5432', EMPTY: '' };
  expect(
    interpolateAll(
      { url: '$HOST', password: 'a$$b${HOST}', list: ['$MISSING', '$EMPTY'], port: 1, on: true, none: null },
      env,
    ),
  ).toEqual({
    url: 'db:5432',
    password: 'a$bdb:5432',
    list: ['', ''],
    port: 1,
    on: true,
    none: null,
  });
});
