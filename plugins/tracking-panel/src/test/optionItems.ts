import { type DataFrame, type PanelOptionsEditorItem, PanelOptionsEditorBuilder } from '@grafana/data';
import { addOptions } from '../options';
import { type TrackingOptions } from '../types';
import { optionsWith } from './frames';

/** Everything in the panel's editor. Needs the registries (`fillRegistries`). */
export function optionItems(): PanelOptionsEditorItem[] {
  const builder = new PanelOptionsEditorBuilder<TrackingOptions>();
  addOptions(builder);
  return builder.getItems();
}

function itemAt(path: string): PanelOptionsEditorItem {
  const item = optionItems().find((candidate) => candidate.path === path);
  if (!item) {
    throw new Error(`there is no option ${path}`);
  }
  return item;
}

/** Whether the editor shows an option to who has these. */
export const isVisible = (path: string, options: TrackingOptions): boolean =>
  itemAt(path).showIf?.(options) ?? true;

/** The values that an option offers for these data. */
export async function choicesOf(path: string, data: DataFrame[]): Promise<string[]> {
  const found: Array<{ value: string }> = await itemAt(path).settings.getOptions({
    data,
    options: optionsWith(),
  });
  return found.map(({ value }) => value);
}
