import {
  FieldType,
  type PanelDataSummary,
  VisualizationSuggestionScore,
  type VisualizationSuggestionsSupplier,
} from '@grafana/data';
import { t } from '@grafana/i18n';
import { statusColor } from './statuses/palette';
import { findStatuses } from './statuses/role';
import { DEFAULT_OPTIONS, type TrackingOptions } from './types';

/** More statuses than this make a pie that nobody can read. */
const MAX_STATUSES = 40;

/** What Grafana's summary offers; 12.2 has the `has...Field` properties alone and no frames, later ones drop those. */
type Summary = Partial<PanelDataSummary>;

/**
 * Suggests the panel for data with statuses: best where a field is named like one or its values are in the catalogue,
 * else as one way among others for a text and a number in a few rows. Nothing for the rest.
 */
export function suggestFor(summary: Summary): Array<{ name: string; score: VisualizationSuggestionScore }> {
  const rows = summary.rowCountMax ?? 0;
  if (summary.hasData !== true || rows === 0 || rows > MAX_STATUSES || !has(summary, FieldType.number)) {
    return [];
  }
  const name = t('suggestions.name', 'Packages by status');
  if (summary.rawFrames && speaksOfStatuses(summary.rawFrames)) {
    return [{ name, score: VisualizationSuggestionScore.Best }];
  }
  return rows > 1 && has(summary, FieldType.string) && !has(summary, FieldType.time)
    ? [{ name, score: VisualizationSuggestionScore.OK }]
    : [];
}

function has(summary: Summary, type: FieldType.number | FieldType.string | FieldType.time): boolean {
  if (summary.hasFieldType) {
    return summary.hasFieldType(type);
  }
  // The only way in Grafana 12.2.
  // eslint-disable-next-line @typescript-eslint/no-deprecated -- see above
  const { hasNumberField, hasStringField, hasTimeField } = summary;
  const old = {
    [FieldType.number]: hasNumberField,
    [FieldType.string]: hasStringField,
    [FieldType.time]: hasTimeField,
  };
  return old[type] === true;
}

function speaksOfStatuses(frames: NonNullable<PanelDataSummary['rawFrames']>): boolean {
  const status = findStatuses(frames, DEFAULT_OPTIONS.data);
  return (
    status !== undefined &&
    (status.kind === 'wide' ||
      /^status(_|$)/i.test(status.status.name) ||
      status.status.values.some((value: unknown) => statusColor(String(value)) !== undefined))
  );
}

/** The builder that Grafana 12.2 hands to suppliers. */
interface Builder {
  dataSummary: Summary;
  getListAppender: (defaults: object) => { append: (suggestion: object) => void };
}

/**
 * The supplier in both shapes at once: Grafana 12.3 and later call it as a function, 12.2 calls its method
 * `getSuggestionsForData` with a builder. Neither minds the other shape.
 */
export const suggestionsSupplier = (pluginId: string): VisualizationSuggestionsSupplier<TrackingOptions> =>
  Object.assign((summary: PanelDataSummary) => suggestFor(summary), {
    getSuggestionsForData: (builder: Builder) => {
      const list = builder.getListAppender({
        name: '',
        pluginId,
        options: {},
        fieldConfig: { defaults: {}, overrides: [] },
      });
      suggestFor(builder.dataSummary).forEach((suggestion) => list.append(suggestion));
    },
  });
