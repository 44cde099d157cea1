type Env = Readonly<Record<string, string | undefined>>;

/**
 * Replaces `$NAME` and `${NAME}` by the environment's values and `$$` by a dollar, as Grafana does in provisioning files:
 * https://grafana.com/docs/grafana/latest/administration/provisioning/#use-environment-variables. An unset variable becomes
 * empty.
 */
function interpolateEnv(text: string, env: Env): string {
  return text.replace(/\$(?:\$|\{(\w+)\}|(\w+))/g, (match, braced?: string, bare?: string) =>
    match === '$$' ? '$' : (env[braced ?? bare ?? ''] ?? ''),
  );
}

/** {@link interpolateEnv} on every string inside a value. */
export function interpolateAll<T>(value: T, env: Env): T {
  if (typeof value === 'string') return interpolateEnv(value, env) as T;
  if (Array.isArray(value)) return value.map((item: unknown) => interpolateAll(item, env)) as T;
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, item]) => [key, interpolateAll<unknown>(item, env)]),
  ) as T;
}
