import { stopServers } from './start';

/** What jest does after the last test of a project with servers. */
export default async function tearDown(): Promise<void> {
  await stopServers();
}
