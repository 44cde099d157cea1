import { Icon } from '@grafana/ui';
import React from 'react';
import { resolveLink } from './links';
import type { LinkModel } from './model';
import type { Scope } from './variables/interpolate';

/** The links of a panel, beside its title. */
export function PanelLinks({ links, scope }: { links: readonly LinkModel[]; scope: Scope }) {
  return (
    <>
      {links.map((link, index) => {
        const { href, title, target } = resolveLink(link, scope);
        return (
          <a key={index} href={href} target={target} rel="noreferrer" title={title} aria-label={title}>
            <Icon name="external-link-alt" aria-hidden />
          </a>
        );
      })}
    </>
  );
}
