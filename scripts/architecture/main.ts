import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { withPicture } from './picture';
import { needsOfWorkspaces } from './workspaces';

const ROOT = path.resolve(__dirname, '../..');
const PAGE = path.join(ROOT, 'docs/architecture.md');

writeFileSync(PAGE, withPicture(readFileSync(PAGE, 'utf8'), needsOfWorkspaces(ROOT)));
