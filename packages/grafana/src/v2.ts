import { asList, asObject, asText, isObject, type Json, type JsonObject } from './json';

/** Kinds of layout that the classic form holds: a grid, and rows of panels that may be folded. */
const CLASSIC_LAYOUTS = ['GridLayout', 'RowsLayout'];

/** What a dashboard of Grafana's newer form (v2) has that the classic one cannot hold, in words; empty where nothing is lost. */
export function beyondClassic(spec: JsonObject): readonly string[] {
  return [...new Set([...layoutLosses(spec.layout ?? null, false), ...subtitles(spec)])];
}

function layoutLosses(layout: Json, inRow: boolean): readonly string[] {
  if (!isObject(layout)) return [];
  const { kind, spec } = layout;
  const { rows, tabs, items } = asObject(spec);
  const own =
    asText(kind) !== '' && !CLASSIC_LAYOUTS.includes(asText(kind))
      ? [layoutWord(asText(kind))]
      : inRow && kind === 'RowsLayout'
        ? ['linhas dentro de linhas']
        : [];
  const inside = [...asList(rows), ...asList(tabs), ...asList(items)].flatMap((part) => {
    const { layout: below, conditionalRendering } = asObject(asObject(part).spec);
    return [
      ...(isObject(conditionalRendering) ? ['exibição condicional'] : []),
      ...layoutLosses(below ?? null, kind === 'RowsLayout'),
    ];
  });
  return [...own, ...inside];
}

function layoutWord(kind: string): string {
  if (kind === 'TabsLayout') return 'abas';
  if (kind === 'AutoGridLayout') return 'grade automática';
  return kind;
}

function subtitles(spec: JsonObject): readonly string[] {
  return Object.values(asObject(spec.elements)).some(
    (element) => asText(asObject(asObject(element).spec).subtitle) !== '',
  )
    ? ['subtítulo de painel']
    : [];
}
