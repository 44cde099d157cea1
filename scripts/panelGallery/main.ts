import { mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { buildGallery } from './dashboard';
import { GALLERY_FILE, galleryText } from './file';

mkdirSync(path.dirname(GALLERY_FILE), { recursive: true });
writeFileSync(GALLERY_FILE, galleryText(buildGallery()));
process.stdout.write(`${path.relative(process.cwd(), GALLERY_FILE)}\n`);
