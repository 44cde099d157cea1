import { writeFile } from 'node:fs/promises';
import { doctorPage, PAGE } from './page';

void doctorPage().then((text) => writeFile(PAGE, text));
