import { writeFile } from 'node:fs/promises';
import { commandsPage, PAGE } from './page';

void commandsPage().then((text) => writeFile(PAGE, text));
