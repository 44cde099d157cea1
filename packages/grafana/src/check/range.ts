const UNIT_MS: Readonly<Record<string, number>> = {
  s: 1000,
  m: 60_000,
  h: 3_600_000,
  d: 86_400_000,
  w: 7 * 86_400_000,
  M: 30 * 86_400_000,
  y: 365 * 86_400_000,
};

/** A moment as dashboards write it: `now`, `now-6h`, `now/d` (the start of the day, UTC), milliseconds or ISO 8601. */
export function momentOf(text: string, now: number): number {
  const relative = /^now(?:-(\d+)([smhdwMy]))?(?:\/([smhdwMy]))?$/.exec(text);
  if (relative === null) return /^\d+$/.test(text) ? Number(text) : Date.parse(text);
  const [, amount = '0', unit = 's', rounded] = relative;
  const at = now - Number(amount) * (UNIT_MS[unit] ?? 0);
  const step = UNIT_MS[rounded ?? ''];
  return step === undefined ? at : Math.floor(at / step) * step;
}
