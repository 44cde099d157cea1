import type { ClientBase } from 'pg';

/** A table as the database's catalogue has it. */
export interface Table {
  readonly name: string;
  readonly comment: string | null;
  readonly columns: readonly Column[];
  /** Who changes its rows, in words. */
  readonly writers: readonly string[];
}

interface Column {
  readonly name: string;
  readonly type: string;
  readonly key: boolean;
}

/** Triggers change rows of `to` whenever rows of `from` change. */
interface Kept {
  readonly from: string;
  readonly to: string;
}

export interface Catalogue {
  readonly tables: readonly Table[];
  readonly kept: readonly Kept[];
}

interface Routine {
  readonly name: string;
  readonly source: string;
  /** The writer may call it. */
  readonly writers: boolean;
  /** Tables with a trigger that runs it at more than TRUNCATE. */
  readonly triggered: readonly string[];
}

const TABLES = `
  SELECT c.relname AS name, obj_description(c.oid, 'pg_class') AS comment,
         (SELECT jsonb_agg(jsonb_build_object('name', a.attname, 'type', format_type(a.atttypid, a.atttypmod),
                                              'key', coalesce(a.attnum = ANY (p.conkey), false)) ORDER BY a.attnum)
          FROM pg_attribute a LEFT JOIN pg_constraint p ON p.conrelid = c.oid AND p.contype = 'p'
          WHERE a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped) AS columns,
         array_remove(ARRAY[CASE WHEN has_table_privilege('rastreio_writer', c.oid, 'INSERT') THEN 'the writer' END], NULL) AS writers
  FROM pg_class c WHERE c.relkind = 'r' AND c.relnamespace = 'public'::regnamespace ORDER BY 1`;

const ROUTINES = `
  SELECT f.proname AS name, f.prosrc AS source, has_function_privilege('rastreio_writer', f.oid, 'EXECUTE') AS writers,
         ARRAY(SELECT DISTINCT c.relname::text FROM pg_trigger t JOIN pg_class c ON c.oid = t.tgrelid WHERE t.tgfoid = f.oid AND t.tgtype & 28 <> 0) AS triggered
  FROM pg_proc f WHERE f.pronamespace = 'public'::regnamespace AND f.provolatile = 'v' ORDER BY 1`;

/** Reads the tables of the schema, and from the bodies of its functions who changes which. */
export async function readCatalogue(client: Pick<ClientBase, 'query'>): Promise<Catalogue> {
  const { rows: tables } = await client.query<Table>(TABLES);
  const { rows: routines } = await client.query<Routine>(ROUTINES);
  const changing = (table: string) => routines.filter(({ source }) => changedBy(source).has(table));
  const kept = tables.flatMap(({ name: to }) =>
    [...new Set(changing(to).flatMap(({ triggered }) => triggered))].sort().map((from) => ({ from, to })),
  );
  const writersOf = (table: string) => [
    ...kept.filter(({ to }) => to === table).map(({ from }) => `triggers of \`${from}\``),
    ...changing(table)
      .filter(({ writers }) => writers)
      .map(({ name }) => `the writer by \`${name}()\``),
  ];
  return {
    tables: tables.map((table) => ({ ...table, writers: [...table.writers, ...writersOf(table.name)] })),
    kept,
  };
}

/** Words that stand where a changed table does; those that are no table do no harm. */
function changedBy(source: string): ReadonlySet<string> {
  return new Set(
    [...source.matchAll(/\b(?:INSERT INTO|UPDATE|DELETE FROM) (\w+)/g)].map(([, name = '']) => name),
  );
}
