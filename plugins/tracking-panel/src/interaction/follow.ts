import { type Field, type LinkModel } from '@grafana/data';
import { type MouseEvent, type SyntheticEvent } from 'react';

/**
 * Goes where a data link goes, as if it had been clicked: Grafana catches clicks on anchors inside the page and turns
 * those to its own addresses into navigation without a reload.
 */
export function followLink(link: LinkModel<Field>, event: SyntheticEvent): void {
  if (link.onClick) {
    link.onClick(event as MouseEvent);
    return;
  }
  const anchor = document.createElement('a');
  anchor.href = link.href;
  if (link.target) {
    anchor.target = link.target;
  }
  anchor.rel = 'noopener noreferrer';
  document.body.append(anchor);
  anchor.click();
  anchor.remove();
}
