/** What one event is made of, or why there is none. */
export type Item =
  | {
      readonly ok: true;
      /** Where it stands in the payload. */
      readonly where: string;
      /** What `$` is in the expressions of fields. */
      readonly value: unknown;
      /** The variables of these expressions. */
      readonly bindings: Readonly<Record<string, unknown>>;
      /** The status, where the place says it. */
      readonly status?: string;
    }
  | { readonly ok: false; readonly where: string; readonly field: string | null; readonly detail: string };

export type Problem = Omit<Extract<Item, { ok: false }>, 'ok'>;

export function problem(where: string, detail: string, field: string | null = null): Item {
  return { ok: false, where, field, detail };
}
