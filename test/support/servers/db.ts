import { startDatabases } from './start';

/** What jest does before the first test of the project `db`. */
export default async function setUp(): Promise<void> {
  await startDatabases();
}
