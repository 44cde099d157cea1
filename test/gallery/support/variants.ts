import { readFileSync } from 'node:fs';
import { GALLERY_FILE } from '../../../scripts/panelGallery/file';
import { reshaped, type Gallery } from '../../../scripts/panelGallery/dashboard';
import { LONG_FORM } from '@rastreio/testing/form';

export const GALLERY = JSON.parse(readFileSync(GALLERY_FILE, 'utf8')) as Gallery;

/** One way in which every panel is looked at. */
export interface Variant {
  readonly name: string;
  readonly gallery: Gallery;
  readonly theme: 'light' | 'dark';
  /** Width of the page's viewport in pixels, its margins included. */
  readonly pageWidth: number;
}

/** What the kiosk page has left and right. */
const MARGINS = 16;
const GAP = 8;

const NARROW = reshaped(GALLERY, 'panel-gallery-narrow', { columns: 4, rows: 10 });
const WIDE = reshaped(GALLERY, 'panel-gallery-wide', { columns: 24, rows: 8 });

export const VARIANTS: readonly Variant[] = [
  { name: 'light', gallery: GALLERY, theme: 'light', pageWidth: 1480 + MARGINS },
  { name: 'dark', gallery: GALLERY, theme: 'dark', pageWidth: 1480 + MARGINS },
  // Six panels abreast, each 200 px wide.
  { name: 'narrow', gallery: NARROW, theme: 'light', pageWidth: 6 * 200 + 5 * GAP + MARGINS },
  { name: 'wide', gallery: WIDE, theme: 'dark', pageWidth: 1900 + MARGINS },
];

/** Those that are looked at: in the short form one of each theme, the widths between left out. */
export const LOOKED_AT = VARIANTS.filter(({ name }) => LONG_FORM || name === 'dark' || name === 'narrow');

export interface Section {
  readonly title: string;
  readonly panels: readonly { readonly id: number; readonly title: string }[];
}

/** The rows of the dashboard with the panels below them. */
export const SECTIONS: readonly Section[] = GALLERY.panels
  .filter(({ type }) => type === 'row')
  .map(({ id, title }) => ({
    title,
    panels: GALLERY.panels.filter((panel) => panel.id > id && panel.id < id + 100),
  }));
