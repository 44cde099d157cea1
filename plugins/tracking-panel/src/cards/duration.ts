import { type DurationFormat } from './types';

const SECONDS_PER_DAY = 86_400;

/** What a card shows where there is nothing to show, as in the dashboard this panel was made for. */
const NOT_AVAILABLE = 'N/A';

/**
 * Seconds as text; fractions of a second are cut off, a negative duration gets one minus sign in front. Missing or not
 * finite: "N/A". `language` (BCP 47) matters to `long` alone.
 * - `pt`: "2 dias, 08:42:00", "1 dia, 03:00:00" or, under a day, "08:42:00", in Portuguese for every viewer
 * - `long`: the same in the given language: "2 days, 08:42:00"
 * - `short`: the two largest units that are not zero at the top: "2 d 8 h", "42 min 5 s"
 * - `iso`: ISO 8601 with days as the largest unit: "P2DT8H42M", "PT0S"
 */
export function formatDuration(
  seconds: number | null | undefined,
  format: DurationFormat = 'pt',
  language = 'pt-BR'
): string {
  if (seconds === null || seconds === undefined || !Number.isFinite(seconds)) {
    return NOT_AVAILABLE;
  }
  const whole = Math.floor(Math.abs(seconds));
  const rest = whole % SECONDS_PER_DAY;
  const parts: Parts = [
    Math.floor(whole / SECONDS_PER_DAY),
    Math.floor(rest / 3600),
    Math.floor((rest % 3600) / 60),
    rest % 60,
  ];
  const sign = seconds < 0 && whole > 0 ? '-' : '';
  return sign + WRITERS[format](parts, language);
}

/** Days, hours, minutes, seconds. */
type Parts = [number, number, number, number];

const WRITERS: Record<DurationFormat, (parts: Parts, language: string) => string> = {
  pt: (parts) => inWords(parts, 'pt-BR'),
  long: inWords,
  short: (parts) => {
    const first = parts.findIndex((part) => part > 0);
    const shown = parts.flatMap((part, index) =>
      part > 0 && index <= first + 1 ? [`${part} ${UNIT_SYMBOLS[index]}`] : []
    );
    return shown.join(' ') || '0 s';
  },
  iso: ([days, ...clock]) => {
    const time = clock.flatMap((part, index) => (part > 0 ? [`${part}${'HMS'[index]}`] : [])).join('');
    const date = days > 0 ? `${days}D` : '';
    return date || time ? `P${date}${time && `T${time}`}` : 'PT0S';
  },
};

/** The symbols of the SI brochure, table 8 (and s): the same in every language. */
const UNIT_SYMBOLS = ['d', 'h', 'min', 's'] as const;

function inWords([days, ...clock]: Parts, language: string): string {
  const time = clock.map(twoDigits).join(':');
  if (days === 0) {
    return time;
  }
  const words = new Intl.NumberFormat(language, {
    style: 'unit',
    unit: 'day',
    unitDisplay: 'long',
    useGrouping: false,
  });
  return `${words.format(days)}, ${time}`;
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
