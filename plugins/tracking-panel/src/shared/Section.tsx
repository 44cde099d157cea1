import { css } from '@emotion/css';
import { type GrafanaTheme2 } from '@grafana/data';
import { useStyles2 } from '@grafana/ui';
import React, { type ReactNode } from 'react';

const HEADING_HEIGHT = 24;
const TITLE_HEIGHT = 18;

/** Pixels that the lines over a part take; an empty text takes none. */
export const headingHeight = (heading: string, title = '') =>
  (heading ? HEADING_HEIGHT : 0) + (title ? TITLE_HEIGHT : 0);

interface Props {
  heading: string;
  title?: string;
  children: ReactNode;
}

/** A part of the panel under its heading and, optionally, a title of its own. */
export function Section({ heading, title = '', children }: Props) {
  const styles = useStyles2(getStyles);
  return (
    // A group, not a section: a named section is a landmark, and a dashboard has many panels with the same headings.
    <div role="group" aria-label={heading || title || undefined}>
      {heading && <h3 className={styles.heading}>{heading}</h3>}
      {title && <div className={styles.title}>{title}</div>}
      {children}
    </div>
  );
}

const oneLine = { overflow: 'hidden', textOverflow: 'ellipsis', whiteSpace: 'nowrap' } as const;

const getStyles = (theme: GrafanaTheme2) => ({
  heading: css({
    ...oneLine,
    height: HEADING_HEIGHT,
    margin: 0,
    fontSize: theme.typography.body.fontSize,
    lineHeight: `${HEADING_HEIGHT - 2}px`,
    fontWeight: theme.typography.fontWeightMedium,
  }),
  title: css({
    ...oneLine,
    height: TITLE_HEIGHT,
    color: theme.colors.text.secondary,
    fontSize: theme.typography.bodySmall.fontSize,
    lineHeight: `${TITLE_HEIGHT - 2}px`,
  }),
});
