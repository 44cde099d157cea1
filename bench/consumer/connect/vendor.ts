import { copyFile, mkdir, rm } from 'node:fs/promises';
import path from 'node:path';
import { installOnce, run } from '@rastreio/stack';

const VERSION = '3.6.0.Final';
const ARCHIVE = `debezium-connector-jdbc-${VERSION}-plugin.tar.gz`;
const HINT = 'Check that Maven can reach its repository, then start again.';

export interface ConnectHome {
  /** Jars of the worker. */
  readonly libs: string;
  /** For the worker's `plugin.path`. */
  readonly plugins: string;
}

/** Kafka Connect 4.3.1 and Debezium's JDBC sink, fetched with Maven the first time (100 MB). */
export async function connectHome(): Promise<ConnectHome> {
  const home = await installOnce(`connect-4.3.1-debezium-jdbc-${VERSION}`, async (dir) => {
    const [libs, plugins] = [path.join(dir, 'libs'), path.join(dir, 'plugins')];
    for (const folder of [libs, plugins]) await mkdir(folder);
    await copyFile(path.join(__dirname, 'pom.xml'), path.join(dir, 'pom.xml'));
    const maven = (...args: string[]) => run('mvn', ['-q', '-B', ...args], { cwd: dir, hint: HINT });
    await maven('dependency:copy-dependencies', `-DoutputDirectory=${libs}`, '-DincludeScope=runtime');
    const artifact = `io.debezium:debezium-connector-jdbc:${VERSION}:tar.gz:plugin`;
    await maven('dependency:copy', `-Dartifact=${artifact}`, `-DoutputDirectory=${plugins}`);
    await run('tar', ['-xzf', ARCHIVE], { cwd: plugins });
    await rm(path.join(plugins, ARCHIVE));
  });
  return { libs: path.join(home, 'libs'), plugins: path.join(home, 'plugins') };
}
