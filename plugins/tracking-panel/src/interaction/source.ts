import { type Field, type LinkModel } from '@grafana/data';
import { type StatusRole, type StatusSource } from '../statuses/roleTypes';

/** The statuses that have links: all of them, or those of a list. Cheaper than {@link linksOf}, which fills them in. */
export function linkedStatuses(role: StatusRole | undefined): 'all' | ReadonlySet<string> {
  const isLinked = ({ config }: Field) => (config.links?.length ?? 0) > 0;
  if (role?.kind === 'long') {
    return isLinked(role.status) || isLinked(role.value) ? 'all' : new Set();
  }
  return new Set(role?.columns.filter(({ field }) => isLinked(field)).map(({ id }) => id));
}

/** The data links of a status with its row's values filled in; links that two fields share are listed once. */
export function linksOf(source: StatusSource | undefined): Array<LinkModel<Field>> {
  const links =
    source?.fields.flatMap((field) => field.getLinks?.({ valueRowIndex: source.row }) ?? []) ?? [];
  return links.filter(
    ({ href, title }, index) =>
      links.findIndex((other) => other.href === href && other.title === title) === index
  );
}
