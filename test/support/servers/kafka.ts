import { startBroker, startDatabases } from './start';

/** What jest does before the first test of the project `kafka`, most of which write to a database as well. */
export default async function setUp(): Promise<void> {
  await Promise.all([startDatabases(), startBroker()]);
}
