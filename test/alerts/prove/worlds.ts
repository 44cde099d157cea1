/** The first is a Tuesday of an ordinary week; the others have Carnival, holidays in midweek, the end of the year and winter in them. */
export const WORLDS = [
  { seed: 1, from: '2026-10-20T12:00:00Z' },
  { seed: 2, from: '2026-02-02T00:00:00Z' },
  { seed: 3, from: '2026-04-06T00:00:00Z' },
  { seed: 4, from: '2026-12-07T00:00:00Z' },
  { seed: 5, from: '2026-07-06T00:00:00Z' },
] as const;
/** The database begins so much earlier: rules that compare with the past need it. */
export const WARMUP_DAYS = 45;
