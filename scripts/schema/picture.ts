import type { Catalogue, Table } from './catalogue';

const HEAD = `# The schema

Tables of a fresh database with their columns and keys, and who changes them: written by \`npm run schema:write\` from the database's own
catalogue, compared by \`test/schema.test.ts\`. [sql/migrations](../sql/migrations) says why each table is as it is;
[sql/schema.sql](../sql/schema.sql) is all of the schema, views and functions too.

Lines without dashes join tables by a column that both have; there are no foreign keys
([why](decisions/0001-no-foreign-key-on-events.md)). Dashed lines go from a table to those that triggers on it keep.
`;

/** Columns by which tables belong together, and the table that says what the column means. */
const SHARED: Readonly<Record<string, string>> = {
  id_pacote: 'pacotes',
  id_rota: 'rotas',
  status: 'catalogo_status',
};
const SHORT_TYPES: Readonly<Record<string, string>> = {
  'timestamp with time zone': 'timestamptz',
  'timestamp without time zone': 'timestamp',
  'double precision': 'float8',
  'character varying(255)': 'varchar',
};

/** The page docs/schema.md. */
export function schemaPage(catalogue: Catalogue): string {
  return `${HEAD}
\`\`\`mermaid
${picture(catalogue)}
\`\`\`

| Table | What | Changed by |
| --- | --- | --- |
${catalogue.tables.map(line).join('\n')}
`;
}

function picture({ tables, kept }: Catalogue): string {
  const shared = tables.flatMap(({ name, columns }) =>
    columns
      .filter((column) => column.name in SHARED && SHARED[column.name] !== name)
      .map((column) => `  ${SHARED[column.name]} ||--o{ ${name} : ${column.name}`),
  );
  const triggers = kept.map(({ from, to }) => `  ${from} ||..o{ ${to} : triggers`);
  return ['erDiagram', '  direction LR', ...tables.map(entity), ...shared, ...triggers].join('\n');
}

function entity({ name, columns }: Table): string {
  const lines = columns.map((c) => `    ${SHORT_TYPES[c.type] ?? c.type} ${c.name}${c.key ? ' PK' : ''}`);
  return [`  ${name} {`, ...lines, '  }'].join('\n');
}

function line({ name, comment, writers }: Table): string {
  return `| \`${name}\` | ${comment ?? ''} | ${writers.join(', ') || 'the owner alone'} |`;
}
