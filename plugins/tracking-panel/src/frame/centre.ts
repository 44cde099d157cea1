import { type DisplayValue, FieldType, type GrafanaTheme2 } from '@grafana/data';
import { type TrackingOptions } from '../types';
import { buildCard } from '../cards/cards';
import { findNamed } from '../shared/fields';
import { type Roles } from './roles';

/**
 * The KPI for the donut's hole: the field that the options name, written as its card would be. A field that is not
 * there (yet) is named with no value, so that one sees what is missing. Undefined if none is asked for.
 */
export function buildCentre(
  roles: Roles,
  options: TrackingOptions,
  theme: GrafanaTheme2
): DisplayValue | undefined {
  const { centre, centreField } = options.pie;
  if (centre !== 'kpi' || !centreField) {
    return undefined;
  }
  const found = findNamed(roles.current, centreField, [FieldType.number, FieldType.string]);
  const card = found && buildCard(found, roles, options, theme);
  return card?.value ?? { text: options.titles.unknown, numeric: Number.NaN, title: centreField };
}
