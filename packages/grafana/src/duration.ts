const UNIT_MS: Readonly<Record<string, number>> = {
  y: 365 * 86_400_000,
  w: 7 * 86_400_000,
  d: 86_400_000,
  h: 3_600_000,
  m: 60_000,
  s: 1000,
  ms: 1,
};
const DURATION = /^(?:\d+(?:ms|[ywdhms]))+$/;

/** Milliseconds of a duration as Prometheus writes it (`1h30m`, `0`); undefined for anything else. */
function parseDuration(text: string): number | undefined {
  if (text === '0' || text === '') return 0;
  if (!DURATION.test(text)) return undefined;
  return [...text.matchAll(/(\d+)(ms|[ywdhms])/g)].reduce(
    (sum, [, amount, unit]) => sum + Number(amount) * (UNIT_MS[unit ?? ''] ?? 0),
    0,
  );
}

/** The one text of a duration: whole years, weeks and days only where nothing else is left, as Prometheus prints them. */
export function durationText(text: string): string {
  const ms = parseDuration(text);
  if (ms === undefined) return text;
  if (ms === 0) return '0s';
  let rest = ms;
  const parts: string[] = [];
  for (const [unit, size] of Object.entries(UNIT_MS)) {
    const exact = unit === 'y' || unit === 'w';
    if (rest === 0 || (exact && rest % size !== 0)) continue;
    const amount = Math.floor(rest / size);
    if (amount > 0) parts.push(`${amount}${unit}`);
    rest -= amount * size;
  }
  return parts.join('');
}

/** Milliseconds of a duration; 0 for what is none. */
export function durationMs(text: string): number {
  return parseDuration(text) ?? 0;
}

/** Whole seconds of a duration. */
export function durationSeconds(text: string): number {
  return Math.round(durationMs(text) / 1000);
}
