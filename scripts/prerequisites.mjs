// What must be so before anything of ours can run: plain JavaScript without dependencies, for a fresh clone.
import { existsSync, readFileSync, statSync } from 'node:fs';
import path from 'node:path';

/**
 * What is wrong with a version of Node.js.
 *
 * @param {string} version such as `20.19.0`
 * @param {string} engines as package.json has it: `>=MAJOR.MINOR`
 * @returns {string | undefined} a sentence; undefined where it will do
 */
export function nodeProblem(version, engines) {
  const [major, minor] = version.split('.').map(Number);
  const [neededMajor, neededMinor] = engines.replace(/^>=/, '').split('.').map(Number);
  if (major > neededMajor || (major === neededMajor && minor >= neededMinor)) return undefined;
  return `Rastreio needs Node.js ${neededMajor}.${neededMinor} or newer; this is ${version}. Install it from https://nodejs.org`;
}

/**
 * The versions of Node.js that a checkout runs on.
 *
 * @param {string} root
 * @returns {string}
 */
export function enginesOf(root) {
  return JSON.parse(readFileSync(path.join(root, 'package.json'), 'utf8')).engines.node;
}

/**
 * Whether a checkout has no dependencies at all.
 *
 * @param {string} root
 * @returns {boolean}
 */
export function neverInstalled(root) {
  return !existsSync(installedIn(root));
}

/**
 * Whether a checkout's dependencies are missing, or older than its lockfile.
 *
 * @param {string} root
 * @returns {boolean}
 */
export function needsInstall(root) {
  const lockfile = path.join(root, 'package-lock.json');
  return neverInstalled(root) || statSync(installedIn(root)).mtimeMs < statSync(lockfile).mtimeMs;
}

const installedIn = (root) => path.join(root, 'node_modules', '.package-lock.json');
