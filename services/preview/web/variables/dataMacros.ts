import {
  formattedValueToString,
  getDisplayProcessor,
  getFieldDisplayName,
  getFieldDisplayValuesProxy,
  getFrameDisplayName,
  type DataContextScopedVar,
  FieldType,
  type ScopedVars,
} from '@grafana/data';
import { property, type Macro } from './interpolate';

type Context = DataContextScopedVar['value'];

const contextOf = ({ __dataContext }: ScopedVars): Context | undefined => __dataContext?.value;
const displayPlain = getDisplayProcessor();

/** What data links may name of the row, field and series they belong to: `${__value.raw}`, `${__data.fields.rota}`, ... */
export const DATA_MACROS: Readonly<Record<string, Macro>> = {
  __value: (path, scoped) => {
    const context = contextOf(scoped);
    return context && valueOf(path, context);
  },
  __data: (path, scoped) => {
    const context = contextOf(scoped);
    if (context?.rowIndex === undefined || path === undefined) return undefined;
    const { frame, rowIndex } = context;
    const fields = getFieldDisplayValuesProxy({ frame, rowIndex });
    return property({ name: frame.name, refId: frame.refId, fields }, path) ?? '';
  },
  __field: (path, scoped) => {
    const context = contextOf(scoped);
    return context && path !== undefined ? (property(fieldOf(context), path) ?? '') : undefined;
  },
  __series: (path, scoped) => {
    const context = contextOf(scoped);
    return context && path === 'name' ? getFrameDisplayName(context.frame, context.frameIndex) : undefined;
  },
};

function valueOf(path: string | undefined, { frame, field, rowIndex, calculatedValue }: Context): unknown {
  if (calculatedValue !== undefined) {
    if (path === 'numeric' || path === 'raw') return calculatedValue.numeric;
    return path === 'time' ? '' : formattedValueToString(calculatedValue);
  }
  if (rowIndex === undefined || rowIndex === null) return undefined;
  if (path === 'time')
    return frame.fields.find(({ type }) => type === FieldType.time)?.values[rowIndex] ?? '';
  const raw: unknown = field.values[rowIndex];
  if (path === 'raw') return raw;
  const shown = (field.display ?? displayPlain)(raw);
  return path === 'numeric' ? shown.numeric : formattedValueToString(shown);
}

function fieldOf({ field, frame, data }: Context): object {
  const { name, labels } = field;
  return {
    name,
    displayName: getFieldDisplayName(field, frame, data),
    labels: labels ?? '',
  };
}
