import { css } from '@emotion/css';
import { type GrafanaTheme2 } from '@grafana/data';
import { SeriesIcon, useStyles2 } from '@grafana/ui';
import React from 'react';
import { inkOn } from '../shared/contrast';
import { PATTERNS, TILE } from '../statuses/patterns';
import { type Slice } from '../statuses/types';

const SIZE = 12;

interface Props {
  slice: Slice;
  patterns: boolean;
}

/** A status's color beside its name, with its pattern where those are on. */
export function Swatch({ slice, patterns }: Props) {
  const styles = useStyles2(getStyles);
  if (!patterns) {
    return <SeriesIcon color={slice.color} />;
  }
  return (
    <svg width={SIZE} height={SIZE} viewBox={`0 0 ${TILE} ${TILE}`} className={styles.swatch} aria-hidden>
      <Tile slice={slice} />
    </svg>
  );
}

/** One tile of a slice's pattern on its color. */
export function Tile({ slice }: Pick<Props, 'slice'>) {
  return (
    <>
      <rect width={TILE} height={TILE} fill={slice.color} />
      <path d={PATTERNS[slice.pattern]} stroke={inkOn(slice.color)} strokeWidth={1.25} fill="none" />
    </>
  );
}

const getStyles = (theme: GrafanaTheme2) => ({
  // As Grafana's own icon of a series stands.
  swatch: css({ flexShrink: 0, marginRight: theme.spacing(1), overflow: 'hidden' }),
});
