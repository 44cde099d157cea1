const SECONDS_PER_DAY = 86_400;

/** What a card shows where there is nothing to show, as in the dashboard this panel was made for. */
export const NOT_AVAILABLE = 'N/A';

/**
 * Seconds as "2 dias, 08:42:00", "1 dia, 03:00:00" or, under a day, "08:42:00"; fractions of a second are cut off.
 * A negative duration gets one minus sign in front. Missing or not finite: "N/A". The words are Portuguese in every
 * language of the viewer, for they are the dashboard's own.
 */
export function formatDuration(seconds: number | null | undefined): string {
  if (seconds === null || seconds === undefined || !Number.isFinite(seconds)) {
    return NOT_AVAILABLE;
  }
  const whole = Math.floor(Math.abs(seconds));
  const days = Math.floor(whole / SECONDS_PER_DAY);
  const rest = whole % SECONDS_PER_DAY;
  const clock = [Math.floor(rest / 3600), Math.floor((rest % 3600) / 60), rest % 60].map(twoDigits).join(':');
  const sign = seconds < 0 && whole > 0 ? '-' : '';
  return days === 0 ? `${sign}${clock}` : `${sign}${days} ${days === 1 ? 'dia' : 'dias'}, ${clock}`;
}

// PostgreSQL's output of an interval (IntervalStyle postgres), which SQL data sources deliver as text.
// Months and years are left out on purpose: they have no fixed length in seconds.
const INTERVAL = /^(?:(-?\d+) days?)?\s*(?:(-)?\+?(\d+):(\d{2}):(\d{2}(?:\.\d+)?))?$/;

/**
 * Seconds of a PostgreSQL interval such as "2 days 08:42:00" or "-00:10:00.5"; undefined if the text is none.
 * Format: https://www.postgresql.org/docs/current/datatype-datetime.html#DATATYPE-INTERVAL-OUTPUT
 */
export function parseInterval(text: string): number | undefined {
  const match = INTERVAL.exec(text.trim());
  if (!match || match[0] === '') {
    return undefined;
  }
  const [, days = '0', minus, hours = '0', minutes = '0', seconds = '0'] = match;
  const clock = Number(hours) * 3600 + Number(minutes) * 60 + Number(seconds);
  return Number(days) * SECONDS_PER_DAY + (minus ? -clock : clock);
}

function twoDigits(value: number): string {
  return String(value).padStart(2, '0');
}
