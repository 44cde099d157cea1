import { existsSync, readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';

const ROOT = path.resolve(__dirname, '../..');
const PAGES = ['README.md', 'README.pt-BR.md', 'CONTRIBUTING.md'];
/** What a line of text may begin with to be meant as a command of ours. */
const OURS =
  /^(npm (run|start|test|cit|ci)\b|npx (rastreio|jest)\b|node \S+\.mjs\b|docker compose (run|up|exec|down)\b)/;

/** A command as it is printed, without its comment. */
export interface Printed {
  readonly page: string;
  readonly text: string;
}

/** The commands of the pages for readers: lines of `sh` blocks, and code within lines that begins with one of our programs. */
export function printedCommands(pages: readonly string[] = pagesOf()): Printed[] {
  return pages.flatMap((page) => {
    const text = readFileSync(path.join(ROOT, page), 'utf8');
    const blocks = [...text.matchAll(/^```sh\n(.*?)^```$/gms)].flatMap(([, block = '']) => linesOf(block));
    const inline = [...text.replace(/^```.*?^```$/gms, '').matchAll(/`([^`\n]+(?:\n[^`\n]+)?)`/g)]
      .map(([, code = '']) => code.replace(/\s+/g, ' '))
      .filter((code) => OURS.test(code));
    return [...new Set([...blocks, ...inline])].map((command) => ({ page, text: command }));
  });
}

function pagesOf(): string[] {
  const docs = readdirSync(path.join(ROOT, 'docs')).filter((name) => name.endsWith('.md'));
  return [
    ...PAGES.filter((name) => existsSync(path.join(ROOT, name))),
    ...docs.map((name) => `docs/${name}`),
  ];
}

/** Whole commands, without comments and empty lines; one goes on after a backslash, and as long as a quote is open. */
function linesOf(block: string): string[] {
  const commands: string[] = [];
  let open = '';
  for (const line of block.replace(/\\\n\s*/g, ' ').split('\n')) {
    const text = open === '' ? line.replace(/(^|\s)#\s.*$/, '').trim() : `${open} ${line.trim()}`;
    open = (text.match(/'/g) ?? []).length % 2 === 1 ? text : '';
    if (open === '' && text !== '') commands.push(text);
  }
  return commands;
}
