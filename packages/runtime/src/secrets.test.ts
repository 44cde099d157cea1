import { hideKnown, keepSecret, keepSecretsOf, redact } from './secrets';

test('passwords and keys in addresses are blanked, whoever’s they are', () => {
  expect(redact('connect postgresql://writer:p@ss:word@db:5432/x failed')).toBe(
    'connect postgresql://writer:***@db:5432/x failed',
  );
  expect(redact('http://localhost:3000/a@b')).toBe('http://localhost:3000/a@b');
  expect(redact('GET https://h/e?page=2&api_key=abc&since=1, https://h/e?access_token=x#y')).toBe(
    'GET https://h/e?page=2&api_key=***&since=1, https://h/e?access_token=***#y',
  );
  expect(redact('"rst_dGhpcyBpcyBub3QgYSBrZXkgb2YgYW55Ym9keQ" is unknown')).toBe('"rst_***" is unknown');
  // A hint, not a password.
  expect(redact('use postgresql://USER:PASSWORD@HOST:PORT/DATABASE')).toContain('USER:PASSWORD@HOST');
});

test('what settings and arguments hold of secrets is blanked in any form', () => {
  const odd = 'p/ç s"w%@:#?&{}$\\';
  keepSecretsOf(
    {
      KAFKA_SASL_PASSWORD: odd,
      PULL_API_KEY: 'first-line\nsecond',
      ALERT_WEBHOOK_URL: 'https://hooks.invalid/T1/B2/xyz',
      PULL_URL: 'https://user:inner%2Fword@h/e?token=by-query-1',
      HOME: '/home/somebody',
    },
    ['db', 'status', `--database-url=postgresql://u:not@encoded/at@all@h/x`],
  );
  const text = `${odd} ${JSON.stringify(odd)} ${encodeURIComponent(odd)} "Bearer first-line\nsecond" ${JSON.stringify('first-line\nsecond')}
    post https://hooks.invalid/T1/B2/xyz inner/word inner%2Fword by-query-1 not@encoded/at@all /home/somebody`;
  for (const hidden of [hideKnown(text), redact(text)]) {
    expect(hidden).toBe(`*** "***" *** "Bearer ***" "***"\n    post *** *** *** *** *** /home/somebody`);
  }
});

test('a short value stays: it is a word of other texts as well', () => {
  keepSecret('writer');
  expect(hideKnown('rastreio_writer')).toBe('rastreio_writer');
});
