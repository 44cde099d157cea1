import { expandMacros, formatInterval, MacroError, parseInterval, type MacroContext } from './macros';

const context: MacroContext = {
  fromMs: Date.parse('2026-11-23T10:00:00Z'),
  toMs: Date.parse('2026-11-23T11:00:00Z'),
  intervalMs: 60_000,
  timescaledb: true,
};

test.each([
  ['$__time(data_evento)', 'data_evento AS "time"'],
  ['$__timeEpoch(t)', 'extract(epoch from t) as "time"'],
  ['$__timeFilter(e.t)', "e.t BETWEEN '2026-11-23T10:00:00.000Z' AND '2026-11-23T11:00:00.000Z'"],
  [
    'x > $__timeFrom() and x < $__timeTo()',
    "x > '2026-11-23T10:00:00.000Z' and x < '2026-11-23T11:00:00.000Z'",
  ],
  ["$__timeGroup(t,'1m')", "time_bucket('60.000s',t)"],
  ["$__timeGroupAlias(t, '5m', 0)", `time_bucket('300.000s',t) AS "time"`],
  ['$__timeGroup(t, $__interval)', "time_bucket('60.000s',t)"],
  ['$__unixEpochFilter(s)', 's >= 1795428000 AND s <= 1795431600'],
  ['$__unixEpochNanoFilter(s)', 's >= 1795428000000000000 AND s <= 1795431600000000000'],
  ["$__unixEpochGroup(s, '10s')", 'floor((s)/10)*10'],
  ['$__interval and $__interval_ms', '1m and 60000'],
  ['s > $__unixEpochFrom() and s < $__unixEpochTo()', 's > 1795428000 and s < 1795431600'],
  ["$__unixEpochGroupAlias(s, '10s')", 'floor((s)/10)*10 AS "time"'],
  // A comma after it made it a column before 5.3, and still does.
  ["SELECT $__timeGroup(t,'1m'), 2", `SELECT time_bucket('60.000s',t) AS "time", 2`],
  ["GROUP BY $__timeGroup(t,'1m')", "GROUP BY time_bucket('60.000s',t)"],
  // What reaches SQL as JSON in a dollar quote is no macro.
  ['f($v$["a","b"]$v$) AND f($v$[]$v$)', 'f($v$["a","b"]$v$) AND f($v$[]$v$)'],
  ['SELECT 1 AS "$notAMacro"', 'SELECT 1 AS "$notAMacro"'],
])('%s', (sql, expected) => expect(expandMacros(sql, context).sql).toBe(expected));

test('without TimescaleDB a group is arithmetic on the epoch', () => {
  expect(expandMacros("$__timeGroup(t,'1h')", { ...context, timescaledb: false }).sql).toBe(
    'floor(extract(epoch from t)/3600)*3600',
  );
});

test.each([
  ["$__timeGroup(t, '1m', NULL)", { intervalMs: 60_000, mode: 'null', value: 0 }],
  ["$__timeGroup(t, '1m', previous)", { intervalMs: 60_000, mode: 'previous', value: 0 }],
  ["$__timeGroupAlias(t, '1m', 1.5)", { intervalMs: 60_000, mode: 'value', value: 1.5 }],
])('%s asks for a fill', (sql, fill) => expect(expandMacros(sql, context).fill).toEqual(fill));

test.each([
  '$__timeFilter()',
  '$__timeGroup(t)',
  "$__timeGroup(t, 'often')",
  '$__nothing(t)',
  '$nothing(t)',
  "$__timeGroup(t, '1m', zero)",
])('%s is refused', (sql) => expect(() => expandMacros(sql, context)).toThrow(MacroError));

test('arguments end at the first parenthesis, as in Grafana: what breaks there breaks here', () => {
  expect(expandMacros('$__timeFilter(coalesce(a, b))', context).sql).toBe(
    "coalesce(a BETWEEN '2026-11-23T10:00:00.000Z' AND '2026-11-23T11:00:00.000Z')",
  );
});

test.each([
  [1, '1ms'],
  [999, '999ms'],
  [1500, '1s'],
  [90_000, '1m'],
  [7_200_000, '2h'],
  [172_800_000, '2d'],
  [2 * 31_536_000_000, '2y'],
])('%s ms is written %s', (ms, text) => expect(formatInterval(ms)).toBe(text));

test('intervals are read', () => {
  expect([parseInterval("'90s'"), parseInterval('2h')]).toEqual([90_000, 7_200_000]);
});
