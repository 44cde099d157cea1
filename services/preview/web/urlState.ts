/** What the address of a dashboard says, with Grafana's parameter names. */
export interface UrlState {
  /** Null on the start page. */
  readonly uid: string | null;
  readonly from?: string;
  readonly to?: string;
  readonly refresh?: string;
  readonly theme: 'light' | 'dark';
  readonly kiosk: boolean;
  /** Id of the one panel to be drawn, over the whole page; null: all of them. */
  readonly viewPanel: number | null;
  readonly variables: ReadonlyMap<string, readonly string[]>;
}

/** Reads the path and query of an address. `theme`: where the address says none. */
export function readUrl(url: URL, theme: UrlState['theme'] = 'dark'): UrlState {
  const { searchParams } = url;
  const variables = new Map<string, string[]>();
  for (const [name, value] of searchParams) {
    if (name.startsWith('var-'))
      variables.set(name.slice(4), [...(variables.get(name.slice(4)) ?? []), value]);
  }
  const optional = (name: 'from' | 'to' | 'refresh') =>
    searchParams.has(name) ? { [name]: searchParams.get(name) ?? '' } : {};
  return {
    uid: /^\/d\/([^/]+)/.exec(url.pathname)?.[1] ?? null,
    theme: readTheme(searchParams.get('theme')) ?? theme,
    kiosk: searchParams.has('kiosk'),
    viewPanel: readPanelId(searchParams.get('viewPanel')),
    variables,
    ...optional('from'),
    ...optional('to'),
    ...optional('refresh'),
  };
}

const readTheme = (text: string | null) => (text === 'light' || text === 'dark' ? text : undefined);

/** Grafana writes `panel-12`, and wrote `12` before version 11.3. */
function readPanelId(text: string | null): number | null {
  const id = /^(?:panel-)?(\d+)$/.exec(text ?? '')?.[1];
  return id === undefined ? null : Number(id);
}

/** The same address with some parameters changed; null removes one. */
export function changeUrl(
  url: URL,
  changes: Readonly<Record<string, string | readonly string[] | null>>,
): URL {
  const changed = new URL(url);
  for (const [name, value] of Object.entries(changes)) {
    changed.searchParams.delete(name);
    for (const one of value === null ? [] : typeof value === 'string' ? [value] : value)
      changed.searchParams.append(name, one);
  }
  return changed;
}
