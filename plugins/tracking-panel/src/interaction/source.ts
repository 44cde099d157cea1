import { type DataFrame, type Field, type LinkModel } from '@grafana/data';
import { type StatusRole } from '../statuses/role';

/** Where a status stands in the data. */
export interface StatusSource {
  frame: DataFrame;
  /** First row of the status. */
  row: number;
  /** Column of the status's count. */
  column: number;
  /** The fields whose links count, the status before its count. */
  fields: Field[];
}

/** Finds the (first) row of a status in rows, or its field in columns; undefined for one that is not in the data. */
export function findSource(role: StatusRole | undefined, id: string): StatusSource | undefined {
  if (role?.kind === 'long') {
    const row = role.status.values.findIndex((value: unknown) => String(value ?? '') === id);
    const column = role.frame.fields.indexOf(role.value);
    return row === -1 ? undefined : { frame: role.frame, row, column, fields: [role.status, role.value] };
  }
  const field = role?.values.find(({ name }) => name === id);
  return (
    role && field && { frame: role.frame, row: 0, column: role.frame.fields.indexOf(field), fields: [field] }
  );
}

/** The statuses that have links: all of them, or those of a list. Cheaper than {@link linksOfStatus}, which fills them in. */
export function linkedStatuses(role: StatusRole | undefined): 'all' | ReadonlySet<string> {
  const isLinked = ({ config }: Field) => (config.links?.length ?? 0) > 0;
  if (role?.kind === 'long') {
    return isLinked(role.status) || isLinked(role.value) ? 'all' : new Set();
  }
  return new Set(role?.values.filter(isLinked).map(({ name }) => name));
}

/** The data links of a status with its row's values filled in; links that two fields share are listed once. */
export function linksOfStatus(role: StatusRole | undefined, id: string): Array<LinkModel<Field>> {
  const source = findSource(role, id);
  const links =
    source?.fields.flatMap((field) => field.getLinks?.({ valueRowIndex: source.row }) ?? []) ?? [];
  return links.filter(
    ({ href, title }, index) =>
      links.findIndex((other) => other.href === href && other.title === title) === index
  );
}
