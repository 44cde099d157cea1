import { formatTimestamp, parseTimestamp, zonedMs } from '@rastreio/contract';
import { DateTime } from 'luxon';

/** How the dates of a source are written. */
export interface DateRules {
  /** Tried in this order: {@link ISO}, or formats of luxon such as `dd/MM/yyyy HH:mm`. */
  readonly formats: readonly string[];
  /** IANA zone of times without offset; without it they are refused. */
  readonly zone?: string | undefined;
  /** Language of names of months and days, such as `pt-BR`. */
  readonly locale?: string | undefined;
  /** What a date without a time stands for, as HH:mm; without it such a date is no instant. */
  readonly timeOfDay?: string | undefined;
}

/** The name of the format that reads what the contract reads: ISO 8601 and Unix time (docs/ingestion.md). */
export const ISO = 'ISO';

export type ReadDate =
  /** `YYYY-MM-DDTHH:MM:SS.ffffffZ`, or a plain date `YYYY-MM-DD` where that was asked for and no time is said. */
  { readonly ok: true; readonly text: string } | { readonly ok: false; readonly why: string };

/**
 * Reads a date of a source as an instant. A time without offset is what clocks of the zone show: where they show it twice, because they
 * were put back, it is the first; where they never show it, because they were put forward, it is refused, as everywhere in Rastreio.
 *
 * @param plain whether a date without a time may stay one
 */
export function readDate(text: string, rules: DateRules, plain = false): ReadDate {
  const trimmed = text.trim();
  let why: string | undefined;
  for (const format of rules.formats) {
    const read = format === ISO ? readIso(trimmed, rules, plain) : readFormat(trimmed, format, rules, plain);
    if (read?.ok === true) return read;
    why ??= read?.why;
  }
  return {
    ok: false,
    why:
      why ??
      `is in none of the formats ${rules.formats.join(', ')} that the profile names; add its format there, or have it sent in one of them`,
  };
}

/** Why a format is none; null: it is one. */
export function wrongFormat(format: string): string | null {
  if (format === ISO) return null;
  const tokens = tokensOf(format);
  const unknown = tokens.find((token) => /[A-Za-z]/.test(token) && !TOKEN.test(token));
  if (unknown !== undefined)
    return `${unknown} is no token of luxon; use dd, MM, yyyy, HH, mm, ss and the like, and put letters that stand for themselves into quotes`;
  const units = tokens
    .map((token) => TOKEN.exec(token)?.[0].charAt(0).replace('L', 'M'))
    .filter((unit) => unit);
  const twice = units.find((unit, i) => units.indexOf(unit) !== i);
  if (twice !== undefined)
    return `says ${twice} twice; put letters that stand for themselves into quotes, as in yyyy-MM-dd'T'HH:mm`;
  const has = (...names: readonly string[]) => names.every((name) => units.includes(name));
  if (has('y', 'M', 'd') || has('y', 'o') || has('k', 'W', 'E')) return null;
  return 'says no whole date; use day, month and year, as in dd/MM/yyyy';
}

/** The tokens that luxon reads. */
const TOKEN =
  /^(?:y|yy|yyyy|M{1,4}|L{1,4}|d|dd|o|ooo|H|HH|h|hh|m|mm|s|ss|S|SSS|u|uu|uuu|a|kk|kkkk|W|WW|E|EEE|EEEE|ccc|cccc|Z|ZZ|ZZZ|z)$/;

/** The tokens of a format, macros such as D taken apart, without what stands in quotes. */
function tokensOf(format: string): readonly string[] {
  const { tokens } = DateTime.fromFormatExplain('', format) as unknown as {
    readonly tokens: readonly { readonly val: string; readonly literal: boolean }[];
  };
  return tokens.filter(({ literal }) => !literal).map(({ val }) => val);
}

/** Null: the text is in another format. */
function readIso(text: string, rules: DateRules, plain: boolean): ReadDate | null {
  if (/^\d{4}-\d\d-\d\d$/.test(text)) {
    const day = DateTime.fromISO(text, { zone: 'utc' });
    return day.isValid ? ofDay(day, rules, plain) : null;
  }
  const parsed = parseTimestamp(text, rules.zone);
  if (parsed.ok) return { ok: true, text: parsed.utc };
  if (parsed.problem === 'naive_timestamp') return NAIVE;
  // Another format may read it; if none does, this says most.
  return / zone | offset | clocks /.test(parsed.why) ? { ok: false, why: parsed.why } : null;
}

function readFormat(text: string, format: string, rules: DateRules, plain: boolean): ReadDate | null {
  // Never the language of whoever runs it.
  const locale = rules.locale ?? 'en';
  const { parser, hasTime, hasOffset } = reader(format, locale);
  const read = DateTime.fromFormatParser(text, parser, { locale, zone: 'utc', setZone: true });
  if (!read.isValid) return null;
  if (!hasTime) return ofDay(read, rules, plain);
  return hasOffset ? { ok: true, text: formatTimestamp(read.toMillis()) } : inZone(read.toMillis(), rules);
}

interface Reader {
  readonly parser: ReturnType<typeof DateTime.buildFormatParser>;
  readonly hasTime: boolean;
  readonly hasOffset: boolean;
}

/** Formats come from profiles, so there are few of them; taking one apart takes longer than reading a date by it. */
const readers = new Map<string, Reader>();

function reader(format: string, locale: string): Reader {
  const key = `${locale} ${format}`;
  let found = readers.get(key);
  if (found === undefined) {
    const tokens = tokensOf(format);
    found = {
      parser: DateTime.buildFormatParser(format, { locale }),
      hasTime: tokens.some((token) => /^[Hh]/.test(token)),
      hasOffset: tokens.some((token) => /^[Zz]/.test(token)),
    };
    readers.set(key, found);
  }
  return found;
}

function ofDay(day: DateTime, rules: DateRules, plain: boolean): ReadDate {
  if (plain) return { ok: true, text: day.toFormat('yyyy-MM-dd') };
  if (rules.timeOfDay === undefined)
    return {
      ok: false,
      why: 'has no time of day; timeOfDay of the profile would say what a date stands for',
    };
  const [hour = 0, minute = 0] = rules.timeOfDay.split(':').map(Number);
  return inZone(day.set({ hour, minute }).toMillis(), rules);
}

function inZone(wallMs: number, { zone }: DateRules): ReadDate {
  if (zone === undefined) return NAIVE;
  const ms = zonedMs(wallMs, zone);
  if (ms === null)
    return { ok: false, why: `is not shown by clocks in ${zone}, which were put forward past it` };
  return { ok: true, text: formatTimestamp(ms) };
}

const NAIVE: ReadDate = {
  ok: false,
  why: 'has no offset, so it could be any of 24 hours; zone of the profile would say in which zone it is read',
};
