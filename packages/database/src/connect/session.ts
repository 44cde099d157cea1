/**
 * What a session of ours is set to, whatever the server, the database (`ALTER DATABASE ... SET`) or the role says: settings that change how
 * SQL is read or how values are written. Left to the server: limits, memory, planning, and `default_transaction_read_only`, by which a
 * standby says that it is one.
 */
const SETTINGS = {
  array_nulls: 'on',
  bytea_output: 'hex',
  DateStyle: 'ISO, MDY',
  default_transaction_deferrable: 'off',
  default_transaction_isolation: 'read committed',
  extra_float_digits: '1',
  IntervalStyle: 'postgres',
  quote_all_identifiers: 'off',
  standard_conforming_strings: 'on',
  TimeZone: 'UTC',
  transform_null_equals: 'off',
} as const;

/**
 * The settings as the option with which a connection begins: nothing but the session itself overrides that.
 *
 * @param searchPath where unqualified names are looked for
 */
export function sessionOptions(searchPath = 'public'): string {
  return Object.entries({ ...SETTINGS, search_path: searchPath })
    .map(([name, value]) => `-c ${name}=${value.replaceAll(' ', '\\ ')}`)
    .join(' ');
}
