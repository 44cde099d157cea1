import { existsSync } from 'node:fs';
import { cp } from 'node:fs/promises';
import path from 'node:path';
import { formatLog, launch, logDir, writeProperties, type KafkaOptions, type RunningKafka } from './broker';
import { launchWithClasses } from './classes';
import { preparedKafka } from './prepared';
import { kafkaJars } from './vendor';

/** Starts a real Kafka broker on loopback and waits until it answers. Data of an earlier run are kept. */
export async function startKafka(options: KafkaOptions): Promise<RunningKafka> {
  const jars = await kafkaJars(options.signal);
  await writeProperties(options);
  if (!isFormatted(options.dir)) await formatLog(jars, options);
  return launchWithClasses(jars, options);
}

/** The same for a broker that lives for minutes, in tests: starts sooner with less of the processor, never gets as fast. */
export async function startShortLivedKafka(options: KafkaOptions): Promise<RunningKafka> {
  const jars = await kafkaJars();
  const { log, java } = await preparedKafka(jars);
  await writeProperties(options);
  if (!isFormatted(options.dir)) {
    if (options.format === undefined) await cp(log, logDir(options.dir), { recursive: true });
    else await formatLog(jars, options);
  }
  return launch(jars, options, java);
}

const isFormatted = (dir: string) => existsSync(path.join(logDir(dir), 'meta.properties'));
