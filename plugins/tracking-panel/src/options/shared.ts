import {
  type DataFrame,
  getFieldDisplayName,
  type PanelOptionsEditorBuilder,
  type SelectableValue,
} from '@grafana/data';
import { type TrackingOptions } from '../types';

export type Builder = PanelOptionsEditorBuilder<TrackingOptions>;
export type Options = TrackingOptions;

/** The names of the fields that `accept` lets through, each once, for a select. */
export function fieldChoices(
  data: DataFrame[],
  accept: (field: DataFrame['fields'][number], frame: DataFrame) => boolean
): Array<SelectableValue<string>> {
  const names = data.flatMap((frame) =>
    frame.fields.filter((field) => accept(field, frame)).map((field) => getFieldDisplayName(field, frame, data))
  );
  return [...new Set(names)].map((value) => ({ value, label: value }));
}
