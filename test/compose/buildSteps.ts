import { execFile } from 'node:child_process';
import { cp, mkdir, readdir, stat } from 'node:fs/promises';
import path from 'node:path';
import { promisify } from 'node:util';
import { DockerfileParser, type Copy, type Instruction } from 'dockerfile-ast';
import { read, ROOT } from './render';

const run = promisify(execFile);

/** What the Dockerfile's RUN steps became. */
export interface Built {
  /** The root folder of a stage, as its files would be in the image. */
  readonly rootOf: (stage: string) => string;
  /** The working folder at the end of a stage, on this machine. */
  readonly workdirOf: (stage: string) => string;
}

/**
 * Runs the steps of docker/Dockerfile without Docker: each stage is a plain folder below `dir`, COPY copies what .dockerignore lets
 * through, RUN runs in the stage's working folder. Base images are not there, so what they hold (Node, Grafana) is this machine's or
 * missing, paths begin in the stage's folder, and ownership is left out.
 *
 * @param install stands for `npm ci`, which takes a minute; it is told the folder
 * @throws Error of the first step that fails, with its output
 */
export async function runBuildSteps(dir: string, install: (folder: string) => Promise<void>): Promise<Built> {
  const ignored = read('.dockerignore')
    .split('\n')
    .filter((line) => line !== '');
  const workdirs = new Map<string, string>();
  let stage = '';
  const inStage = (file: string, of = stage) => path.join(dir, of, file);
  const here = (file: string) => (path.isAbsolute(file) ? file : path.join(workdirs.get(stage) ?? '/', file));
  for (const instruction of DockerfileParser.parse(read('docker/Dockerfile')).getInstructions()) {
    const words = instruction.getArguments().map((argument) => argument.getValue());
    switch (instruction.getKeyword()) {
      case 'FROM':
        stage = words.at(-1) ?? '';
        await mkdir(inStage('/'), { recursive: true });
        break;
      case 'WORKDIR':
        workdirs.set(stage, here(words[0] ?? ''));
        await mkdir(inStage(here('.')), { recursive: true });
        break;
      case 'COPY':
        await copy(instruction as Copy, words);
        break;
      case 'RUN':
        await runStep(instruction);
    }
  }
  return {
    rootOf: (name) => inStage('/', name),
    workdirOf: (name) => inStage(workdirs.get(name) ?? '/', name),
  };

  async function copy(instruction: Copy, words: readonly string[]): Promise<void> {
    const from = instruction.getFromFlag()?.getValue();
    const [sources, target = ''] = [words.slice(0, -1), words.at(-1)];
    for (const source of sources) {
      const origin = from === undefined || from === null ? path.join(ROOT, source) : inStage(source, from);
      const isFolder = (await stat(origin)).isDirectory();
      // Of a folder Docker copies what is in it, of a file the file.
      const into = inStage(here(!isFolder && target.endsWith('/') ? target + path.basename(source) : target));
      const filter = (file: string) =>
        (from !== undefined && from !== null) || !isIgnored(path.relative(ROOT, file), ignored);
      await cp(origin, into, { recursive: true, filter });
    }
  }

  async function runStep(instruction: Instruction): Promise<void> {
    const command = instruction.getArgumentsContent() ?? '';
    const cwd = inStage(here('.'));
    if (command === 'npm ci') return install(cwd);
    // Paths of the image begin in the stage's folder, and this machine's user owns them.
    const words = command.replace(/ && chown .*/, '').replace(/(^| )\/(?=\w)/g, `$1${inStage('/')}`);
    await run('sh', ['-c', words], { cwd, maxBuffer: 64 * 1024 * 1024 });
  }
}

/**
 * Whether a path is kept out of the build by the kinds of lines that our .dockerignore has: a path, all that is in a folder (`folder/*`), a
 * name at any depth, and exceptions (`!path`). The last line that fits decides.
 */
function isIgnored(file: string, lines: readonly string[]): boolean {
  const last = lines.findLast((line) => fits(file, line.replace(/^!/, '')));
  return last !== undefined && !last.startsWith('!');
}

function fits(file: string, line: string): boolean {
  if (line.startsWith('**/')) return file.split(path.sep).includes(line.slice(3));
  if (line.endsWith('/*')) return file.startsWith(line.slice(0, -1));
  return file === line || file.startsWith(`${line}/`);
}

/** Puts the packages that are installed in this checkout into another folder with the same package-lock.json, as `npm ci` would. */
export async function installAsHere(folder: string): Promise<void> {
  // That the files that were copied are enough for it, and agree with the lock, npm says itself; it only does not download anew.
  await run('npm', ['ci', '--dry-run', '--offline', '--ignore-scripts'], { cwd: folder });
  await link(path.join(ROOT, 'node_modules'), path.join(folder, 'node_modules'));
  for (const group of ['packages', 'services', 'plugins'])
    for (const name of await readdir(path.join(folder, group))) {
      const own = path.join(group, name, 'node_modules');
      if (await exists(path.join(ROOT, own))) await link(path.join(ROOT, own), path.join(folder, own));
    }
}

/** Hard links where both are on one disk, else copies. */
async function link(from: string, to: string): Promise<void> {
  await run('cp', ['-al', from, to]).catch(() =>
    run('sh', ['-c', 'rm -rf "$1" && cp -a "$0" "$1"', from, to]),
  );
}

async function exists(file: string): Promise<boolean> {
  return stat(file).then(
    () => true,
    () => false,
  );
}
