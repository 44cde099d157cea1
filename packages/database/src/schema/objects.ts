import type { ClientBase } from 'pg';

type Queryable = Pick<ClientBase, 'query'>;

/** Every view, function and trigger but the server's own and those of extensions, with the type and the name by which DROP knows it. */
const OBJECTS = `
  SELECT o.classid, o.objid, i.type || ' ' || i.identity AS name, i.type, i.identity
  FROM (
    SELECT 'pg_class'::regclass AS classid, oid AS objid, relnamespace AS schema FROM pg_class WHERE relkind IN ('v', 'm')
    UNION ALL
    SELECT 'pg_proc'::regclass, oid, pronamespace FROM pg_proc
    UNION ALL
    SELECT 'pg_trigger'::regclass, t.oid, c.relnamespace FROM pg_trigger t JOIN pg_class c ON c.oid = t.tgrelid WHERE NOT t.tgisinternal
  ) AS o
  JOIN pg_namespace n ON n.oid = o.schema
  CROSS JOIN LATERAL pg_identify_object(o.classid, o.objid, 0) AS i
  WHERE n.nspname IN ('public', 'conferencia')
    AND NOT EXISTS (SELECT FROM pg_depend d WHERE (d.classid, d.objid) = (o.classid, o.objid) AND d.deptype = 'e')`;

/** The names of all of them, such as `view public.torre`. */
export async function listObjects(client: Queryable): Promise<readonly string[]> {
  const { rows } = await client.query<{ name: string }>(
    `SELECT name FROM (${OBJECTS}) AS o ORDER BY name COLLATE "C"`,
  );
  return rows.map(({ name }) => name);
}

/**
 * What would go with them if they were dropped and is none of them, such as a view of somebody else that reads one. As DROP ... CASCADE finds
 * it: whatever depends on one of them, and the whole of which that is a part (the view of a rule).
 */
export async function foreignDependents(
  client: Queryable,
  owned: readonly string[],
): Promise<readonly string[]> {
  const { rows } = await client.query<{ name: string }>(
    `WITH RECURSIVE nossos AS MATERIALIZED (SELECT classid, objid FROM (${OBJECTS}) AS o WHERE name = ANY ($1)),
     caem (classid, objid) AS (
       SELECT classid::oid, objid FROM nossos
       UNION
       SELECT s.classid, s.objid
       FROM caem c CROSS JOIN LATERAL (
         SELECT d.classid, d.objid FROM pg_depend d WHERE (d.refclassid, d.refobjid) = (c.classid, c.objid)
         UNION ALL
         SELECT d.refclassid, d.refobjid FROM pg_depend d WHERE (d.classid, d.objid) = (c.classid, c.objid) AND d.deptype = 'i'
       ) AS s
     )
     SELECT i.type || ' ' || i.identity AS name
     FROM caem c CROSS JOIN LATERAL pg_identify_object(c.classid, c.objid, 0) AS i
     WHERE (c.classid, c.objid) NOT IN (SELECT classid, objid FROM nossos)
       AND NOT EXISTS (SELECT FROM pg_depend d WHERE (d.classid, d.objid) = (c.classid, c.objid) AND d.deptype = 'i')
     ORDER BY (i.type || ' ' || i.identity) COLLATE "C"`,
    [owned],
  );
  return rows.map(({ name }) => name);
}

/** Drops those of them that are there, in any order. */
export async function dropObjects(client: Queryable, owned: readonly string[]): Promise<void> {
  const { rows } = await client.query<{ type: string; identity: string }>(
    `SELECT type, identity FROM (${OBJECTS}) AS o WHERE name = ANY ($1)`,
    [owned],
  );
  // Quoted by the server where they need it. What has gone with one of those before is skipped.
  const drops = rows.map(({ type, identity }) => `DROP ${type} IF EXISTS ${identity} CASCADE`);
  if (drops.length > 0) await client.query(drops.join(';\n'));
}

/** A right on one of them that somebody gave to a role of his own. */
export interface ForeignGrant {
  readonly name: string;
  readonly statement: string;
}

/** The rights on them of roles other than these, which own or use the schema by its own files. */
export async function foreignGrants(
  client: Queryable,
  owned: readonly string[],
  roles: readonly string[],
): Promise<readonly ForeignGrant[]> {
  const { rows } = await client.query<ForeignGrant>(
    `SELECT o.name, format('GRANT %s ON %s %s TO %I%s', a.privilege_type, CASE WHEN o.classid = 'pg_proc'::regclass THEN 'ROUTINE' ELSE 'TABLE' END,
                           o.identity, r.rolname, CASE WHEN a.is_grantable THEN ' WITH GRANT OPTION' ELSE '' END) AS statement
     FROM (${OBJECTS}) AS o
     LEFT JOIN pg_class c ON o.classid = 'pg_class'::regclass AND c.oid = o.objid
     LEFT JOIN pg_proc p ON o.classid = 'pg_proc'::regclass AND p.oid = o.objid
     CROSS JOIN LATERAL aclexplode(coalesce(c.relacl, p.proacl)) AS a
     JOIN pg_roles r ON r.oid = a.grantee
     WHERE o.name = ANY ($1) AND r.rolname <> ALL ($2) AND r.oid <> coalesce(c.relowner, p.proowner)
     ORDER BY 2`,
    [owned, roles],
  );
  return rows;
}
