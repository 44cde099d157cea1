import { DateTime, IANAZone } from 'luxon';

const MS_PER_MINUTE = 60_000;
const MS_PER_DAY = 86_400_000;

/** Whether the runtime's time zone data has this IANA zone. */
export function isTimezone(zone: string): boolean {
  return IANAZone.isValidZone(zone);
}

/** What a zone's clocks are ahead of UTC at an instant, in milliseconds. */
export function zoneOffsetMs(zone: string, epochMs: number): number {
  return IANAZone.create(zone).offset(epochMs) * MS_PER_MINUTE;
}

/**
 * The instant at which a zone's clocks show a time. Where they show it twice, because they were put back, it is the first: so what
 * clocks showed later never comes out earlier. Where they never show it, because they were put forward past it, there is none.
 *
 * @param wallMs the time shown, as milliseconds since the epoch if it were UTC
 */
export function zonedMs(wallMs: number, zone: string): number | null {
  // Offsets change at most once in two days.
  const offsets = [wallMs - MS_PER_DAY, wallMs + MS_PER_DAY].map((near) => zoneOffsetMs(zone, near));
  const instants = offsets
    .map((offset) => wallMs - offset)
    .filter((instant, i) => zoneOffsetMs(zone, instant) === offsets[i]);
  return instants.length === 0 ? null : Math.min(...instants);
}

/** The last microsecond of a day (`YYYY-MM-DD`) in a zone, as the contract writes instants. */
export function endOfDay(day: string, zone: string): string {
  const end = DateTime.fromISO(day, { zone }).endOf('day').toUTC().toISO();
  if (end === null) throw new RangeError(`${day} is no day, or ${zone} is no time zone`);
  return `${end.slice(0, 19)}.999999Z`;
}
