import { css, cx } from '@emotion/css';
import { type GrafanaTheme2, type LinkModel } from '@grafana/data';
import { useStyles2 } from '@grafana/ui';
import React, {
  type CSSProperties,
  type KeyboardEvent,
  type MouseEvent,
  type ReactNode,
  useContext,
} from 'react';
import { InteractionContext } from '../interaction/StatusInteraction';

interface Props {
  links: LinkModel[];
  className: string;
  style: CSSProperties;
  title: string | undefined;
  children: ReactNode;
}

/**
 * A box that is a link where there is one, and the button of a menu where there are several. Its name for screen readers
 * is what stands in it; where the link leads is its description.
 */
export function CardLink({ links, className, style, title, children }: Props) {
  const styles = useStyles2(getStyles);
  const { openLinks } = useContext(InteractionContext);
  const [link] = links;
  const names = links.map((each) => each.title).filter(Boolean);
  const destinations = names.join(', ') || undefined;
  const hint = [title, destinations].filter(Boolean).join('\n') || undefined;
  if (!link) {
    return (
      <div className={className} style={style} title={hint}>
        {children}
      </div>
    );
  }
  const look = cx(className, styles.pressable);
  if (links.length === 1) {
    return (
      <a
        href={link.href}
        target={link.target}
        rel={link.target === '_blank' ? 'noreferrer' : undefined}
        onClick={link.onClick}
        // Else the tooltip would be it, which repeats a part of the name.
        aria-description={destinations}
        className={look}
        style={style}
        title={hint}
      >
        {children}
      </a>
    );
  }
  const open = (event: MouseEvent | KeyboardEvent) => openLinks(links, event);
  return (
    // Not a <button>: lists and drawings may not stand in one.
    <div
      role="button"
      tabIndex={0}
      aria-haspopup="menu"
      aria-description={destinations}
      onClick={open}
      onKeyDown={(event) => {
        if (event.key === 'Enter' || event.key === ' ') {
          open(event);
        }
      }}
      className={look}
      style={style}
      title={hint}
    >
      {children}
    </div>
  );
}

const getStyles = (theme: GrafanaTheme2) => ({
  pressable: css({
    cursor: 'pointer',
    color: 'inherit',
    textDecoration: 'none',
    '&:hover': { boxShadow: `inset 0 0 0 1px ${theme.colors.border.strong}` },
    '&:focus-visible': { outline: `2px solid ${theme.colors.primary.main}`, outlineOffset: -2 },
  }),
});
