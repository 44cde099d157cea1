import { readTarget, type Target } from '@rastreio/grafana';
import { EXIT, OperatorError } from '@rastreio/runtime';
import type { PlaceOptions } from '../common/options';
import { findStack, isGiven, nothingRuns, told } from '../common/where';

/** Grafana, and what the variables of its alerting files are. */
export type GrafanaPlace = Target & { readonly env: Readonly<Record<string, string | undefined>> };

/**
 * The Grafana to work on: what the option or GRAFANA_URL says, else that of the running stack, signed in as its administrator.
 *
 * @throws OperatorError (usage) when there is none
 */
export async function findGrafana(options: PlaceOptions): Promise<GrafanaPlace> {
  if (isGiven(options.url)) return { ...readTarget(options.url), env: process.env };
  const stack = await findStack(options);
  if (stack === null) throw nothingRuns('--url or set GRAFANA_URL', options);
  const { dir, grafana } = stack;
  if (grafana === null)
    throw new OperatorError(
      `The stack in ${dir} shows its dashboards without Grafana; give --url or set GRAFANA_URL`,
      EXIT.usage,
    );
  const env = { GRAFANA_PASSWORD: grafana.password, ...grafana.env, ...process.env };
  return { ...readTarget(told('Grafana', grafana.url, stack), env), env };
}
