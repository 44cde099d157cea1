import {
  type Document,
  isMap,
  isScalar,
  isSeq,
  parseDocument,
  Scalar,
  type Node,
  type YAMLMap,
  type YAMLSeq,
} from 'yaml';
import { format } from 'prettier/standalone';
import * as yamlPlugin from 'prettier/plugins/yaml';
import style from '../../../.prettierrc.json';
import { queryBody } from './alertingForm';
import { toExpression, type Env } from './interpolate';
import { asObject, isObject, same, type Json, type JsonObject } from './json';
import { REDACTED } from './secrets';

/** How values of the screen become texts of the file. */
export interface Writing {
  readonly env: Env;
  /** Whether variables are filled into the texts at this place. */
  readonly interpolated: boolean;
}

/** Keys below which Grafana takes a text as it is. */
const VERBATIM = ['annotations', 'model', 'time_intervals', 'template'];
/** What names an item of a list, by the key of the list. */
const NAMES: Readonly<Record<string, string>> = { data: 'refId' };

/** The text of a changed document, in the form in which the repository's formatter leaves it. */
export async function documentText(document: Document): Promise<string> {
  const text = document.toString({ lineWidth: 0, singleQuote: true });
  return format(text, { parser: 'yaml', plugins: [yamlPlugin], ...(style as object) });
}

/** A document that is edited; the text has been read without error before. */
export function editable(text: string): Document {
  return parseDocument(text, { keepSourceTokens: false });
}

/**
 * Brings a mapping from one content to another and touches nothing else: comments, order and form of what did not change stay. Contents
 * are compared, not texts, so `60s` stays where the screen says `1m`.
 */
export function editMap(
  document: Document,
  map: YAMLMap,
  before: JsonObject,
  after: JsonObject,
  writing: Writing,
): void {
  for (const key of new Set([...Object.keys(before), ...Object.keys(after)])) {
    const [was, is] = [before[key], after[key]];
    if (same(was, is) || is === REDACTED) continue;
    if (is === undefined) {
      map.delete(key);
      continue;
    }
    const below = writingBelow(key, writing);
    const node = map.get(key, true) as Node | undefined;
    if (isMap(node) && isObject(is)) editMap(document, node, asObject(was), is, below);
    else if (!(isSeq(node) && Array.isArray(is) && editList(document, node, key, was, is as Json[], below)))
      put(document, map, key, is, node, below);
  }
}

/** A value as a node: several lines as a block, variables as they stood there before. */
export function toNode(document: Document, value: Json, before: Node | undefined, writing: Writing): Node {
  if (typeof value !== 'string') {
    const children = Array.isArray(value)
      ? value.map((item: Json) => toNode(document, item, undefined, writing))
      : isObject(value)
        ? Object.fromEntries(
            Object.entries(value).map(([key, v]) => [
              key,
              toNode(document, v, undefined, writingBelow(key, writing)),
            ]),
          )
        : value;
    return document.createNode(children);
  }
  const expression = isScalar(before) ? (before.value as Json) : undefined;
  const text = writing.interpolated ? toExpression(value, expression, writing.env) : value;
  const node = new Scalar(text);
  if (text.includes('\n')) node.type = 'BLOCK_LITERAL';
  return node;
}

/** Item by item, where the items have names or there are as many of them as before; false where the list is to be written anew. */
function editList(
  document: Document,
  list: YAMLSeq,
  key: string,
  was: Json | undefined,
  is: readonly Json[],
  writing: Writing,
): boolean {
  const before = Array.isArray(was) ? (was as readonly Json[]) : [];
  if (before.length !== list.items.length) return false;
  const name = NAMES[key];
  if (name !== undefined) {
    const nodes = new Map(before.map((item, i) => [asObject(item)[name], { item, node: list.items[i] }]));
    list.items = is.map((item) => {
      const old = nodes.get(asObject(item)[name]);
      if (old === undefined || !isMap(old.node))
        return toNode(document, queryBody(asObject(item)), undefined, writing);
      editMap(document, old.node, asObject(old.item), asObject(item), writing);
      return old.node;
    });
    return true;
  }
  if (before.length !== is.length) return false;
  is.forEach((item, i) => {
    const node = list.items[i] as Node | undefined;
    if (same(before[i], item)) return;
    if (isMap(node) && isObject(item)) editMap(document, node, asObject(before[i]), item, writing);
    else list.items[i] = replaced(document, node, item, writing);
  });
  return true;
}

function writingBelow(key: string, writing: Writing): Writing {
  return VERBATIM.includes(key) ? { ...writing, interpolated: false } : writing;
}

function put(
  document: Document,
  map: YAMLMap,
  key: string,
  value: Json,
  node: Node | undefined,
  writing: Writing,
): void {
  map.set(key, replaced(document, node, value, writing));
}

/** The node with another value; one of the same kind keeps its comments and its form. */
function replaced(document: Document, node: Node | undefined, value: Json, writing: Writing): Node {
  const fresh = toNode(document, value, node, writing);
  if (isScalar(node) && isScalar(fresh)) {
    node.value = fresh.value;
    if (fresh.type === 'BLOCK_LITERAL') node.type = 'BLOCK_LITERAL';
    else if (node.type?.startsWith('BLOCK') === true) delete node.type;
    if (typeof fresh.value !== 'string') delete node.type;
    return node;
  }
  if (node !== undefined) {
    fresh.commentBefore = node.commentBefore ?? null;
    fresh.comment = node.comment ?? null;
    fresh.spaceBefore = node.spaceBefore ?? false;
    const flow = (node as { flow?: boolean }).flow;
    if (flow !== undefined && !isScalar(fresh)) (fresh as { flow?: boolean }).flow = flow;
  }
  return fresh;
}
