import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { readdir, readFile } from 'node:fs/promises';
import path from 'node:path';
import { promisify } from 'node:util';

const ROOT = path.resolve(__dirname, '../..');
const MAX_BYTES = 64 * 1024 * 1024;

/** A component as CycloneDX 1.5 has it, of which we write a part. */
interface Component {
  readonly type: string;
  readonly name: string;
  readonly version: string;
  readonly purl: string;
  readonly hashes?: readonly { readonly alg: string; readonly content: string }[];
}

export interface Bill {
  readonly bomFormat: string;
  readonly components: readonly Component[];
}

/**
 * What this repository is made of, and what its programs run beside: npm's own list of the production packages, and after it Kafka's jars,
 * the containers' images, and what `npm start` fetches of PostgreSQL and Grafana. A fetched jar has its SHA-256.
 */
export async function billOfMaterials(root = ROOT): Promise<Bill> {
  const read = (file: string) => readFile(path.join(root, file), 'utf8');
  const npm = ['sbom', '--omit', 'dev', '--sbom-format', 'cyclonedx', '--package-lock-only'];
  const { stdout } = await promisify(execFile)('npm', npm, { cwd: root, maxBuffer: MAX_BYTES });
  const bill = JSON.parse(stdout) as Bill;
  const others = [
    ...mavenPackages(await read('stack/kafka/pom.xml')),
    ...(await fetchedJars(process.env.RASTREIO_VENDOR_DIR || path.join(root, '.stack', 'vendor'))),
    ...images(await read('docker-compose.yaml'), await read('docker/Dockerfile')),
    {
      type: 'application',
      name: 'postgresql-17-timescaledb',
      version: 'that of Debian trixie when it was fetched',
      purl: 'pkg:deb/debian/postgresql-17-timescaledb?distro=trixie',
    },
  ];
  return { ...bill, components: [...bill.components, ...others] };
}

function mavenPackages(pom: string): Component[] {
  const dependency =
    /<groupId>([^<]+)<\/groupId>\s*<artifactId>([^<]+)<\/artifactId>\s*<version>([^<]+)<\/version>\s*<\/dependency>/g;
  return [...pom.matchAll(dependency)].map(([, group = '', name = '', version = '']) => ({
    type: 'library',
    name: `${group}:${name}`,
    version,
    purl: `pkg:maven/${group}/${name}@${version}`,
  }));
}

/** Those that an earlier start has fetched for Kafka; none before. */
async function fetchedJars(vendor: string): Promise<Component[]> {
  const folders = await readdir(vendor).catch(() => []);
  const kafka = folders.filter((name) => /^kafka-[\d.]+$/.test(name)).map((name) => path.join(vendor, name));
  const jars = await Promise.all(
    kafka.map(async (folder) =>
      (await readdir(folder)).filter((name) => name.endsWith('.jar')).map((name) => path.join(folder, name)),
    ),
  );
  return Promise.all(
    jars.flat().map(async (file) => {
      const [, name = '', version = ''] = /([^/]+?)-(\d[^/]*)\.jar$/.exec(file) ?? ['', path.basename(file)];
      return {
        type: 'library',
        name,
        version,
        purl: `pkg:generic/${path.basename(file)}`,
        hashes: [
          {
            alg: 'SHA-256',
            content: createHash('sha256')
              .update(await readFile(file))
              .digest('hex'),
          },
        ],
      };
    }),
  );
}

/** Of others: ours are made of the packages above and of these. */
function images(compose: string, dockerfile: string): Component[] {
  const named = [...compose.matchAll(/^\s+image: (\S+)$/gm), ...dockerfile.matchAll(/^FROM (\S+)/gm)];
  const others = new Set(
    named.map(([, image = '']) => image).filter((image) => !image.startsWith('rastreio/')),
  );
  return [...others].map((image) => {
    const [name = '', version = ''] = image.split(':');
    return { type: 'container', name, version, purl: `pkg:docker/${name}@${version}` };
  });
}
