/** One piece of a statement; texts in quotes and comments never look like words. */
export interface Token {
  readonly kind: 'word' | 'quoted' | 'text' | 'mark';
  /** A word in lower case, what stands between quotes, or one character. */
  readonly text: string;
}

const PIECES =
  /--[^\n]*|\/\*[\s\S]*?\*\/|'(?:[^']|'')*'|"((?:[^"]|"")*)"|\$([A-Za-z_]\w*)?\$[\s\S]*?\$\2\$|\$?[A-Za-z_À-ÿ][\wÀ-ÿ$]*|\d+(?:\.\d+)?|\S/g;
/** Words that end a list of tables. */
const AFTER_FROM = [
  'where',
  'group',
  'order',
  'limit',
  'having',
  'union',
  'window',
  'offset',
  'fetch',
  'except',
  'intersect',
];

/** A statement in pieces, without its comments. */
export function tokens(sql: string): readonly Token[] {
  const found: Token[] = [];
  for (const [piece, quoted] of sql.matchAll(PIECES)) {
    if (piece.startsWith('--') || piece.startsWith('/*')) continue;
    if (quoted !== undefined) found.push({ kind: 'quoted', text: quoted.replaceAll('""', '"') });
    else if (piece.startsWith("'") || /^\$\w*\$/.test(piece)) found.push({ kind: 'text', text: piece });
    else if (/^[$A-Za-z_À-ÿ]/.test(piece)) found.push({ kind: 'word', text: piece.toLowerCase() });
    else found.push({ kind: 'mark', text: piece });
  }
  return found;
}

/** The relations that a statement reads: names after FROM and JOIN that are neither functions nor made by the statement itself. */
export function relations(sql: string): readonly string[] {
  const list = tokens(sql);
  const own = new Set(commonTables(list));
  const found = new Set<string>();
  list.forEach((token, i) => {
    if (!isWord(token, 'from', 'join')) return;
    // extract(epoch FROM x), substring(x FROM 1) and trim(x FROM y) read no relation; neither does IS DISTINCT FROM.
    if (isWord(token, 'from') && (isInCall(list, i) || isWord(list[i - 1], 'distinct'))) return;
    for (const name of namesFrom(list, i + 1)) if (!own.has(name)) found.add(name);
  });
  return [...found];
}

/** Whether a statement takes all columns of something. */
export function selectsAll(sql: string): boolean {
  const list = tokens(sql);
  return list.some(
    (token, i) =>
      isMark(token, '*') &&
      (isWord(list[i - 1], 'select', 'distinct') ||
        isMark(list[i - 1], '.') ||
        (isMark(list[i - 1], ',') && !isMark(list[i + 1], '(') && endsItem(list[i + 1]))),
  );
}

/** The names of the columns that a statement gives, as far as they can be read off it. */
export function columns(sql: string): readonly string[] {
  const list = tokens(sql);
  let depth = 0;
  let from = list.length;
  let start = -1;
  list.forEach((token, i) => {
    if (isMark(token, '(')) depth++;
    if (isMark(token, ')')) depth--;
    if (depth > 0) return;
    if (isWord(token, 'select') && start < 0) start = i + 1;
    if (isWord(token, 'from', 'union', 'order', 'limit') && start >= 0 && i < from) from = i;
  });
  if (start < 0) return [];
  return split(list.slice(start, from)).flatMap((item) => {
    const last = item.at(-1);
    return last !== undefined && (last.kind === 'word' || last.kind === 'quoted') ? [last.text] : [];
  });
}

function commonTables(list: readonly Token[]): readonly string[] {
  return list.flatMap((token, i) => {
    const isName = token.kind === 'word' || token.kind === 'quoted';
    if (!isName || !(isWord(list[i - 1], 'with', 'recursive') || isMark(list[i - 1], ','))) return [];
    const next = isMark(list[i + 1], '(') ? closing(list, i + 1) + 1 : i + 1;
    const opens = isMark(list[next + 1], '(') || isWord(list[next + 1], 'materialized', 'not');
    return isWord(list[next], 'as') && opens ? [token.text] : [];
  });
}

/** The names in a list of tables that begins here, without functions and sub-selects. */
function namesFrom(list: readonly Token[], start: number): readonly string[] {
  const names: string[] = [];
  let i = start;
  while (isWord(list[i], 'lateral', 'only')) i++;
  const token = list[i];
  if (token === undefined) return names;
  if (isMark(token, '(')) i = closing(list, i);
  else {
    const name = [token.text];
    while (isMark(list[i + 1], '.') && list[i + 2] !== undefined) {
      name.push(list[i + 2]!.text);
      i += 2;
    }
    if (isMark(list[i + 1], '(')) i = closing(list, i + 1);
    else if (token.kind !== 'mark') names.push(name.join('.'));
  }
  // A comma before the next clause goes on with the list.
  for (i++; i < list.length; i++) {
    const next = list[i]!;
    if (isMark(next, '(')) i = closing(list, i);
    else if (isMark(next, ',')) return [...names, ...namesFrom(list, i + 1)];
    else if (isMark(next, ')', ';') || isWord(next, 'join', 'on', 'select', ...AFTER_FROM)) return names;
  }
  return names;
}

/** Whether the innermost bracket around this place is that of a call such as extract(…). */
function isInCall(list: readonly Token[], at: number): boolean {
  let depth = 0;
  for (let i = at - 1; i >= 0; i--) {
    if (isMark(list[i], ')')) depth++;
    if (isMark(list[i], '(') && depth-- === 0)
      return isWord(list[i - 1], 'extract', 'substring', 'trim', 'overlay', 'position');
  }
  return false;
}

function closing(list: readonly Token[], open: number): number {
  let depth = 0;
  for (let i = open; i < list.length; i++) {
    if (isMark(list[i], '(')) depth++;
    if (isMark(list[i], ')') && --depth === 0) return i;
  }
  return list.length;
}

function split(list: readonly Token[]): readonly (readonly Token[])[] {
  const items: Token[][] = [[]];
  let depth = 0;
  for (const token of list) {
    if (isMark(token, '(', '[')) depth++;
    if (isMark(token, ')', ']')) depth--;
    if (depth === 0 && isMark(token, ',')) items.push([]);
    else items.at(-1)?.push(token);
  }
  return items;
}

function endsItem(token: Token | undefined): boolean {
  return token === undefined || isMark(token, ',', ')', ';') || isWord(token, 'from');
}

function isWord(token: Token | undefined, ...words: readonly string[]): boolean {
  return token?.kind === 'word' && words.includes(token.text);
}

function isMark(token: Token | undefined, ...marks: readonly string[]): boolean {
  return token?.kind === 'mark' && marks.includes(token.text);
}
