import { spawn } from 'node:child_process';
import { copyFile } from 'node:fs/promises';
import path from 'node:path';
import { installOnce, kafkaJars, run } from '@rastreio/stack';
import { KAFKA_BROKERS } from './kafka';

/** What Kafka's own Java client can pack a batch with. */
export const JAVA_CODECS = ['none', 'gzip', 'snappy', 'lz4', 'zstd'] as const;

export interface JavaOptions {
  readonly brokers?: string;
  /** How its LineMessageReader reads a line, such as `parse.headers=true`. */
  readonly reader?: readonly string[];
}

/** Sends lines with Kafka's Java client (its console producer, a process of its own), many to a batch. */
export async function sendWithJava(
  topic: string,
  codec: (typeof JAVA_CODECS)[number],
  lines: readonly string[],
  { brokers = KAFKA_BROKERS, reader = [] }: JavaOptions = {},
): Promise<void> {
  const tools = await installOnce('kafka-tools-4.3.1', async (dir) => {
    await copyFile(path.join(__dirname, '../java/pom.xml'), path.join(dir, 'pom.xml'));
    await run('mvn', ['-q', '-B', 'dependency:copy-dependencies', `-DoutputDirectory=${dir}`], { cwd: dir });
  });
  const classPath = [tools, await kafkaJars()].map((dir) => path.join(dir, '*')).join(path.delimiter);
  const options = ['--bootstrap-server', brokers, '--topic', topic, '--compression-codec', codec];
  const batching = ['--batch-size', '200000', '--timeout', '500'];
  const reading = reader.flatMap((property) => ['--reader-property', property]);
  const child = spawn(
    'java',
    [
      '-Xmx128m',
      '-cp',
      classPath,
      'org.apache.kafka.tools.ConsoleProducer',
      ...options,
      ...batching,
      ...reading,
    ],
    { stdio: ['pipe', 'inherit', 'inherit'] },
  );
  child.stdin.end(lines.map((line) => `${line}\n`).join(''));
  const code = await new Promise<number | null>((resolve) => child.once('close', resolve));
  if (code !== 0) throw new Error(`the Java producer ended with ${code}`);
}
