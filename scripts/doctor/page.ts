import path from 'node:path';
import { CHECKS } from '../../stack/src/doctor';
import { formatMarkdown } from '../markdown';

/** Where the page is. */
export const PAGE = path.resolve(__dirname, '../../docs/doctor.md');

const HEAD = `# Doctor

\`npm run doctor\` (\`npx rastreio doctor\`) looks at this machine, this checkout, the stack's folder and the stack that runs there, and changes
nothing. It prints a table on stderr, and as the last line of stdout one JSON object: \`failed\`, \`warned\`, and for each check \`code\`, \`title\`,
\`level\` (\`ok\`, \`warn\`, \`fail\`), \`seen\`, \`advice\`. \`--json\` leaves only that. Exit codes: 0 well, or warnings alone; 1 something fails; 2 usage.
Where Node.js is too old or nothing is installed yet, it says only that, and ends with 78.

\`--stack\` names another folder than \`.stack\`; the options for ports are those of \`npm start\`. A start itself demands RD003, RD004, RD010 and
RD020, and names them when it refuses (78). A code stays with its check, and is not given to another one.

(Made by \`npm run docs:write\` from the checks themselves.)
`;

/** docs/doctor.md as the checks are now. */
export async function doctorPage(): Promise<string> {
  const rows = CHECKS.map(({ code, title, wants, remedy }) => [code, title, wants, remedy]);
  const table = [
    ['Code', 'Check', 'What must be so', 'What to do otherwise'],
    ['---', '---', '---', '---'],
    ...rows,
  ];
  return formatMarkdown(`${HEAD}\n${table.map((row) => `| ${row.map(escaped).join(' | ')} |`).join('\n')}\n`);
}

const escaped = (cell: string) => cell.replaceAll('|', '\\|');
