import { textUtil } from '@grafana/data';
import type { DashboardSummary } from './api';
import type { LinkModel } from './model';
import { interpolate, type Scope } from './variables/interpolate';

/** A link with everything filled in. */
export interface ResolvedLink {
  readonly title: string;
  readonly href: string;
  readonly tooltip: string;
  readonly target: '_blank' | undefined;
}

/** Where a link of a dashboard leads, with the time range and the variables where it keeps them. */
export function resolveLink(link: LinkModel, scope: Scope): ResolvedLink {
  const parts = [
    ...(link.keepTime === true ? ['$__url_time_range'] : []),
    ...(link.includeVars === true ? ['$__all_variables'] : []),
  ].map((part) => interpolate(part, scope));
  const url = interpolate(link.url ?? '', scope);
  const query = parts.filter((part) => part !== '').join('&');
  return {
    title: interpolate(link.title, scope),
    tooltip: interpolate(link.tooltip ?? '', scope),
    href: textUtil.sanitizeUrl(query === '' ? url : `${url}${url.includes('?') ? '&' : '?'}${query}`),
    target: link.targetBlank === true ? '_blank' : undefined,
  };
}

/** The links to the other dashboards with all tags of a link of that type. */
export function resolveDashboards(
  link: LinkModel,
  dashboards: readonly DashboardSummary[],
  currentUid: string,
  scope: Scope,
): ResolvedLink[] {
  const tags = link.tags ?? [];
  return dashboards
    .filter(({ uid, tags: own }) => uid !== currentUid && tags.every((tag) => own.includes(tag)))
    .map(({ title, url }) => ({ ...resolveLink({ ...link, url, tooltip: '' }, scope), title }));
}
