import path from 'node:path';
import { OperatorError } from '@rastreio/runtime';
import type { Locator, Page } from 'playwright-core';

/** High enough for Grafana's longest form: what is outside of the window has no place in a picture. */
export const WINDOW = { width: 1100, height: 3200 };
const MARGIN = 16;

/** Takes the pictures of docs/images, each as wide as the window and as high as what it shows. */
export class Camera {
  private readonly names: string[] = [];

  constructor(
    private readonly folder: string,
    private readonly say: (text: string) => void,
  ) {}

  /** The files made, in the order in which they were. */
  get made(): readonly string[] {
    return this.names;
  }

  /**
   * Keeps NAME.png: everything between the upper edge of one thing and the lower edge of another, with a margin.
   *
   * @throws OperatorError where one of them is not on the page
   */
  async take(page: Page, name: string, from: Locator, to: Locator): Promise<void> {
    const [top, bottom] = await Promise.all([from.boundingBox(), to.boundingBox()]);
    if (top === null || bottom === null) throw new OperatorError(`${name}: what it shows is not on the page`);
    const y = Math.max(0, top.y - MARGIN);
    const height = Math.min(WINDOW.height, bottom.y + bottom.height + MARGIN) - y;
    const file = path.join(this.folder, `${name}.png`);
    // The caret blinks, and no picture should tell when it was taken.
    await page.screenshot({ path: file, clip: { x: 0, y, width: WINDOW.width, height }, caret: 'hide' });
    this.names.push(file);
    this.say(file);
  }
}
