import { type DataFrame, type Field, FieldType, formatLabels } from '@grafana/data';
import { isHidden, isNamed } from '../shared/fields';
import { isInterval, isNumeric, timeField } from './numbers';

/** Endings of column names that say something about another column of the same frame. */
const SUFFIXES = {
  previous: ['_anterior', '_previous'],
  target: ['_meta', '_target'],
  warning: ['_aviso', '_warning'],
  critical: ['_critico', '_critical'],
} as const;

/** The frames that cards are made of. */
export interface KpiFrames {
  /** Frames beside the status frame in which every number is a card. */
  kpis: DataFrame[];
  /** All frames but those of the previous period. */
  current: DataFrame[];
  /** Frames of the query that gives the previous period. */
  previous: DataFrame[];
}

/** One number to make a card of, with what it can be compared with. */
export interface KpiField {
  frame: DataFrame;
  field: Field;
  previous?: Field;
  target?: Field;
  /** Limits from which on the number is a warning, or critical. */
  warning?: Field;
  critical?: Field;
}

/**
 * The fields that become cards. `chosen` names them, from any frame and in this order; empty: every number, of `kpis`,
 * that is not another one's previous value, target or limit.
 */
export function findKpiFields(kpis: DataFrame[], series: DataFrame[], chosen: string[]): KpiField[] {
  if (chosen.length > 0) {
    return chosen.flatMap((name) =>
      series.flatMap((frame) =>
        frame.fields
          .filter((field) => isNumeric(field) && isNamed(field, frame, series, name))
          .map((field) => withReferences(frame, field))
      )
    );
  }
  return kpis.flatMap((frame) =>
    frame.fields
      .filter((field) => isNumeric(field) && !isHidden(field) && !isReference(frame, field))
      .map((field) => withReferences(frame, field))
  );
}

/**
 * Whether every number of the frame may be guessed to be a card: it has one row, or several without any text or
 * boolean, which would make them categories. A series may be empty for a while and keeps its cards.
 */
export function looksLikeKpis(frame: DataFrame): boolean {
  if (frame.length === 1) {
    return true;
  }
  const categories = [FieldType.string, FieldType.enum, FieldType.boolean];
  const hasText = frame.fields.some((field) => categories.includes(field.type) && !isInterval(field));
  return !hasText && (frame.length > 0 || timeField(frame) !== undefined) && frame.fields.some(isNumeric);
}

/**
 * The number of the same name among the frames of the previous period: that of the same labels, and of the same query
 * where Grafana asked it a second time.
 */
export function findTwin(
  frames: DataFrame[],
  { frame: own, field: like }: KpiField
): { frame: DataFrame; field: Field } | undefined {
  const labels = formatLabels(like.labels ?? {});
  const alike = frames
    .filter(({ meta, refId }) => !meta?.timeCompare?.isTimeShiftQuery || refId === `${own.refId}-compare`)
    .flatMap((frame) =>
      frame.fields
        .filter((candidate) => sameName(candidate.name, like.name) && isNumeric(candidate))
        .map((field) => ({ frame, field }))
    );
  return (
    alike.find(({ field }) => formatLabels(field.labels ?? {}) === labels) ?? (labels ? undefined : alike[0])
  );
}

const sameName = (a: string, b: string) => a.toLowerCase() === b.toLowerCase();

function withReferences(frame: DataFrame, field: Field): KpiField {
  const named = (suffixes: readonly string[]) =>
    frame.fields.find(
      (candidate) =>
        isNumeric(candidate) && suffixes.some((suffix) => sameName(candidate.name, field.name + suffix))
    );
  return {
    frame,
    field,
    previous: named(SUFFIXES.previous),
    target: named(SUFFIXES.target),
    warning: named(SUFFIXES.warning),
    critical: named(SUFFIXES.critical),
  };
}

function isReference(frame: DataFrame, field: Field): boolean {
  const name = field.name.toLowerCase();
  return Object.values(SUFFIXES)
    .flat()
    .some(
      (suffix) =>
        name.endsWith(suffix) &&
        frame.fields.some((other) => isNumeric(other) && sameName(other.name, name.slice(0, -suffix.length)))
    );
}
