import {
  type DataFrame,
  getFieldDisplayName,
  type PanelOptionsEditorBuilder,
  type SelectableValue,
} from '@grafana/data';
import { type TrackingOptions } from '../types';

export type Builder = PanelOptionsEditorBuilder<TrackingOptions>;

/** What a `showIf` asks most. */
export const hasPie = ({ show }: TrackingOptions): boolean => show.pie;
export const hasCards = ({ show }: TrackingOptions): boolean => show.cards;
export const hasTable = ({ show }: TrackingOptions): boolean => show.table;
export const hasStatuses = ({ show }: TrackingOptions): boolean => show.pie || show.table;

/** The names of the fields that `accept` lets through, each once, for a select. */
export function fieldChoices(
  data: DataFrame[],
  accept: (field: DataFrame['fields'][number], frame: DataFrame) => boolean
): Array<SelectableValue<string>> {
  const names = data.flatMap((frame) =>
    frame.fields
      .filter((field) => accept(field, frame))
      .map((field) => getFieldDisplayName(field, frame, data))
  );
  return [...new Set(names)].map((value) => ({ value, label: value }));
}
