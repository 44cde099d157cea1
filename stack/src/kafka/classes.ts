import { existsSync, readdirSync, renameSync, rmSync } from 'node:fs';
import path from 'node:path';
import { EXITED_BY_SIGTERM } from '../ends';
import { launch, type KafkaOptions, type RunningKafka } from './broker';

const QUIET = ['-Xlog:cds=off', '-Xlog:cds+dynamic=off'];

/**
 * Starts a broker with Kafka's classes as the virtual machine left them at the end of an earlier one, which takes half of the processor's time.
 * The first one of a folder of jars writes them when it is stopped (50 MB, some seconds), into a draft that gets its name once it is whole. A
 * virtual machine that cannot do that, or ends on what is there, starts without.
 * Source: https://docs.oracle.com/en/java/javase/17/vm/class-data-sharing.html
 */
export async function launchWithClasses(jars: string, options: KafkaOptions): Promise<RunningKafka> {
  const archive = `${jars}-classes.jsa`;
  try {
    if (existsSync(archive))
      return await launch(jars, options, [`-XX:SharedArchiveFile=${archive}`, ...QUIET]);
    return await launchAndKeep(jars, options, archive);
  } catch {
    options.signal?.throwIfAborted();
    rmSync(archive, { force: true });
    // What is wrong with the broker itself, this start says.
    return launch(jars, options);
  }
}

async function launchAndKeep(jars: string, options: KafkaOptions, archive: string): Promise<RunningKafka> {
  removeDrafts(archive);
  const draft = `${archive}.new-${process.pid}`;
  const broker = await launch(jars, options, [`-XX:ArchiveClassesAtExit=${draft}`, ...QUIET]);
  void broker.ended.then((how) => {
    if (how === EXITED_BY_SIGTERM && existsSync(draft)) renameSync(draft, archive);
    else rmSync(draft, { force: true });
  });
  return broker;
}

/** Of brokers that were killed while they wrote. */
function removeDrafts(archive: string): void {
  const [folder, name] = [path.dirname(archive), `${path.basename(archive)}.new-`];
  for (const file of readdirSync(folder).filter((entry) => entry.startsWith(name)))
    rmSync(path.join(folder, file), { force: true });
}
