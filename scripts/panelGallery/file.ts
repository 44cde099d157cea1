import path from 'node:path';
import type { Gallery } from './dashboard';

/** Where the gallery stands; never provisioned in production. */
export const GALLERY_FILE = path.resolve(
  __dirname,
  '../../plugins/tracking-panel/provisioning/dashboards/panel-gallery.json',
);

/** The file's text. */
export const galleryText = (gallery: Gallery) => `${JSON.stringify(gallery, null, 2)}\n`;
