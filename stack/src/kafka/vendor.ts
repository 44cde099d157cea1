import { copyFile } from 'node:fs/promises';
import path from 'node:path';
import { run } from '../run';
import { installOnce, isInstalled } from '../vendor';
import { JAVA_ENV } from './java';

const POM = path.resolve(__dirname, '../../kafka/pom.xml');

const FOLDER = 'kafka-4.4.0';

/** Whether the jars are here already, so that nothing has to be fetched. */
export function hasKafkaJars(env?: NodeJS.ProcessEnv): boolean {
  return isInstalled(FOLDER, env);
}

/** The folder with the jars of Kafka 4.4.0, fetched with Maven the first time (45 MB). @throws the reason of `signal` */
export async function kafkaJars(signal?: AbortSignal): Promise<string> {
  return installOnce(
    FOLDER,
    async (dir) => {
      await copyFile(POM, path.join(dir, 'pom.xml'));
      await run(
        'mvn',
        ['-q', '-B', 'dependency:copy-dependencies', '-DoutputDirectory=.', '-DincludeScope=runtime'],
        {
          cwd: dir,
          env: { ...process.env, ...JAVA_ENV },
          hint: 'Check that Maven can reach its repository, then start again.',
          signal,
        },
      );
    },
    signal,
  );
}
