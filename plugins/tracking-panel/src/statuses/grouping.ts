/** Identity of a status that is null or undefined: a private-use character, with which no status of a database begins. */
export const MISSING_ID = '\uE000none';

/** Which rows have which status. */
export interface Grouping {
  /** Every status once as text, in the order of its first row; a missing one is {@link MISSING_ID}. */
  ids: readonly string[];
  /** The rows of each status. */
  rows: ReadonlyArray<readonly number[]>;
  /** Place in {@link ids} of each row's status. */
  placeOfRow: Uint32Array;
}

/**
 * Groups rows by status. A refresh mostly brings new counts for the statuses of before, in the order of before: the
 * function knows its last answer and gives it again as long as that holds, since comparing a text is far cheaper than
 * looking it up.
 */
export function createGrouping(): (values: ArrayLike<unknown>) => Grouping {
  let last: Grouping | undefined;
  return (values) => {
    if (!last || !isOf(last, values)) {
      last = group(values);
    }
    return last;
  };
}

const toId = (value: unknown): string =>
  typeof value === 'string' ? value : value === null || value === undefined ? MISSING_ID : String(value);

function isOf({ ids, placeOfRow }: Grouping, values: ArrayLike<unknown>): boolean {
  if (placeOfRow.length !== values.length) {
    return false;
  }
  for (let row = 0; row < placeOfRow.length; row++) {
    if (toId(values[row]) !== ids[placeOfRow[row] ?? 0]) {
      return false;
    }
  }
  return true;
}

function group(values: ArrayLike<unknown>): Grouping {
  const places = new Map<string, number>();
  const ids: string[] = [];
  const rows: number[][] = [];
  const placeOfRow = new Uint32Array(values.length);
  for (let row = 0; row < values.length; row++) {
    const id = toId(values[row]);
    let place = places.get(id);
    if (place === undefined) {
      place = ids.length;
      places.set(id, place);
      ids.push(id);
      rows.push([]);
    }
    rows[place]?.push(row);
    placeOfRow[row] = place;
  }
  return { ids, rows, placeOfRow };
}
