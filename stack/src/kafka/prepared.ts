import { cp, rm } from 'node:fs/promises';
import path from 'node:path';
import { ensureTopics } from '@rastreio/kafka';
import { createLog } from '@rastreio/runtime';
import { freePorts } from '../ports';
import { installOnce } from '../vendor';
import { formatLog, launch, logDir, writeProperties } from './broker';

export interface PreparedKafka {
  /** The first files of a cluster, to be copied: all that begin with them have one cluster id. */
  readonly log: string;
  /** Options of the virtual machine. */
  readonly java: readonly string[];
}

const ARCHIVE = 'classes.jsa';

/**
 * What lets brokers that live for minutes start with half of the processor's time: formatted once, and Kafka's classes as the virtual
 * machine left them at the end of a broker's run. The first time it runs one, which takes 15 s. An archive of another Java or another
 * folder of jars is refused by the virtual machine, which then goes on without it.
 * Source: https://docs.oracle.com/en/java/javase/17/vm/class-data-sharing.html
 */
export async function preparedKafka(jars: string): Promise<PreparedKafka> {
  const prepared = await installOnce(`${path.basename(jars)}-prepared`, (dir) => prepare(jars, dir));
  return {
    log: path.join(prepared, 'log'),
    // They end before the better compiler's code has paid for its making.
    java: [
      `-XX:SharedArchiveFile=${path.join(prepared, ARCHIVE)}`,
      '-Xlog:cds=off',
      '-Xlog:cds+dynamic=off',
      '-XX:TieredStopAtLevel=1',
      '-XX:+UseSerialGC',
    ],
  };
}

async function prepare(jars: string, dir: string): Promise<void> {
  const [internal = 0, external = 0, controller = 0] = await freePorts(3);
  const broker = path.join(dir, 'broker');
  const options = { dir: broker, ports: { internal, external, controller } };
  await writeProperties(options);
  await formatLog(jars, options);
  await cp(logDir(broker), path.join(dir, 'log'), { recursive: true });
  const running = await launch(jars, options, [`-XX:ArchiveClassesAtExit=${path.join(dir, ARCHIVE)}`]);
  // A broker that has made topics has loaded most of the classes.
  await ensureTopics({ brokers: running.brokers, log: createLog('stack', 'silent') });
  await running.stop();
  await rm(broker, { recursive: true });
}
