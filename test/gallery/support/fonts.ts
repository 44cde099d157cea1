import type { Page } from 'playwright-core';

/** Texts that the page draws with a font of the machine instead of one that it brings, in words. */
export async function systemFonts(page: Page): Promise<string[]> {
  const session = await page.context().newCDPSession(page);
  await session.send('DOM.enable');
  await session.send('CSS.enable');
  const { root } = await session.send('DOM.getDocument', { depth: 0 });
  const { nodeIds } = await session.send('DOM.querySelectorAll', {
    nodeId: root.nodeId,
    selector: '[data-testid^="panel "]',
  });
  const found: string[] = [];
  for (const nodeId of nodeIds) {
    const { fonts } = await session.send('CSS.getPlatformFontsForNode', { nodeId });
    const { attributes } = await session.send('DOM.getAttributes', { nodeId });
    for (const { familyName, isCustomFont, glyphCount } of fonts)
      if (!isCustomFont) found.push(`${attributes.join(' ')}: ${glyphCount} glyphs of ${familyName}`);
  }
  await session.detach();
  return found;
}
