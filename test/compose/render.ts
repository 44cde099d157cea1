import { readFileSync } from 'node:fs';
import path from 'node:path';
import { parse } from 'yaml';

interface Service {
  image: string;
  profiles?: string[];
  secrets?: string[];
  read_only?: boolean;
  cap_drop?: string[];
  build?: { dockerfile: string; target: string };
  command?: string[];
  environment?: Record<string, unknown>;
  ports?: string[];
  volumes?: string[];
  restart: string;
  healthcheck?: { test: string[]; start_period?: string };
  depends_on?: Record<string, { condition: string }>;
  deploy?: { resources?: { limits?: { cpus: string; memory: string } } };
  security_opt?: string[];
}

export interface Compose {
  name: string;
  services: Record<string, Service>;
  volumes: Record<string, unknown>;
  secrets: Record<string, { file: string }>;
}

export const ROOT = path.resolve(__dirname, '../..');
/** The text of a file of the repository. */
export const read = (file: string) => readFileSync(path.join(ROOT, file), 'utf8');
/** The settings of .env.example. */
export const example: Readonly<Record<string, string>> = Object.fromEntries(
  read('.env.example')
    .split('\n')
    .filter((line) => /^\w+=/.test(line))
    .map((line) => line.split(/=(.*)/s).slice(0, 2) as [string, string]),
);

const VARIABLE = /\$\{(\w+)(?::([-+])([^${}]*))?\}/g;

/** The file as `docker compose config` renders it with these variables: filled in from the inside out, anchors merged. */
export function render(env: Readonly<Record<string, string>> = {}): Compose {
  let text = read('docker-compose.yaml').replace(/^\s*#.*$/gm, '');
  for (let before = ''; before !== text;) {
    before = text;
    text = text.replace(
      VARIABLE,
      (_match, name: string, kind: string | undefined, rest: string | undefined) => {
        const value = env[name] ?? '';
        if (kind === '+') return value === '' ? '' : (rest ?? '');
        return value === '' ? (rest ?? '') : value;
      },
    );
  }
  return parse(text, { merge: true }) as Compose;
}
