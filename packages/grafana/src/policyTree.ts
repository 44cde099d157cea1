import { routeForm } from './alertingForm';
import { asList, asObject, same, without, type Json, type JsonObject } from './json';
import { FOLDER } from './units';

/**
 * Where our policies stand in the one tree that an organisation has: they are the tree (`root`) where nobody else has made one, else
 * one branch of it (`branch`) that takes what comes from our folder.
 */
export type Place = 'root' | 'branch';

const MATCHERS: Json = [['grafana_folder', '=', FOLDER.title]];
/** The receivers of the tree that a new Grafana has. */
const FIRST_RECEIVERS: readonly Json[] = ['grafana-default-email', 'empty'];

/** Where our policies stand or are to stand; what is remembered wins. */
export function placeOf(
  tree: JsonObject,
  remembered: Place | undefined,
  ours: JsonObject | undefined,
): Place {
  if (remembered !== undefined) return remembered;
  if (asList(tree.routes).some(isOurs)) return 'branch';
  return isPristine(tree) || same(routeForm(tree), ours) ? 'root' : 'branch';
}

/** Our policies in a tree; undefined where there are none. */
export function ourPolicies(tree: JsonObject, place: Place): JsonObject | undefined {
  if (place === 'root') return isPristine(tree) ? undefined : routeForm(tree);
  const branch = asList(tree.routes).find(isOurs);
  return branch === undefined ? undefined : routeForm(without(asObject(branch), 'object_matchers'));
}

/**
 * The tree with our policies in it, or without them; everything else in it stays. As a branch they come first, so that no other
 * branch takes our alerts before. Undefined says that the tree is to be Grafana's own again.
 */
export function treeWith(
  tree: JsonObject,
  place: Place,
  ours: JsonObject | undefined,
): JsonObject | undefined {
  if (place === 'root') return ours;
  const others = asList(tree.routes);
  const branch: Json | undefined = ours === undefined ? undefined : { ...ours, object_matchers: MATCHERS };
  const at = others.findIndex(isOurs);
  const rest = others.filter((route) => !isOurs(route));
  const routes = branch === undefined ? rest : rest.toSpliced(Math.max(at, 0), 0, branch);
  return { ...without(tree, 'provenance', 'routes'), ...(routes.length === 0 ? {} : { routes }) };
}

function isOurs(route: Json): boolean {
  return same(asObject(route).object_matchers, MATCHERS);
}

function isPristine(tree: JsonObject): boolean {
  return FIRST_RECEIVERS.includes(tree.receiver ?? '') && asList(tree.routes).length === 0;
}
