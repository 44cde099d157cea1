import { copyFile } from 'node:fs/promises';
import path from 'node:path';
import { run } from '../run';
import { installOnce } from '../vendor';

const POM = path.resolve(__dirname, '../../kafka/pom.xml');

/** The folder with the jars of Kafka 4.4.0, fetched with Maven the first time (45 MB). */
export async function kafkaJars(): Promise<string> {
  return installOnce('kafka-4.4.0', async (dir) => {
    await copyFile(POM, path.join(dir, 'pom.xml'));
    await run(
      'mvn',
      ['-q', '-B', 'dependency:copy-dependencies', `-DoutputDirectory=${dir}`, '-DincludeScope=runtime'],
      {
        cwd: dir,
        hint: 'Check that Maven can reach its repository, then start again.',
      },
    );
  });
}
