import { css } from '@emotion/css';
import { type GrafanaTheme2 } from '@grafana/data';
import { useStyles2 } from '@grafana/ui';
import React from 'react';
import { TEST_IDS } from '../constants';
import { type Slice } from '../statuses/types';
import { type Label } from './labels';
import { type TrackingOptions } from '../types';

interface Props {
  slice: Slice;
  label: Label;
  options: TrackingOptions['pie'];
}

/** A label on its slice, or beside the pie with a line that leads to it. What it says is in the slice's name as well. */
export function SliceLabel({ slice, label, options }: Props) {
  const styles = useStyles2(getStyles);
  const { box, lines, anchor, leader } = label;
  const x = box.left + (anchor === 'middle' ? box.width / 2 : anchor === 'end' ? box.width : 0);
  const lineHeight = box.height / lines.length;
  // On a pattern, a seam of the slice's own color keeps the lines away from the letters.
  const seam = !leader && options.patterns ? { stroke: slice.color, strokeWidth: 3 } : undefined;
  return (
    <g aria-hidden className={styles.label}>
      {leader && (
        <polyline
          points={[...leader[0], leader[1][1]].map((point) => `${point.x},${point.y}`).join(' ')}
          className={styles.leader}
        />
      )}
      <text
        fontSize={options.labelSize}
        textAnchor={anchor}
        className={leader && styles.outside}
        fill={leader ? undefined : slice.textColor}
        {...seam}
        data-testid={TEST_IDS.sliceLabel(slice.id)}
      >
        {lines.map((line, index) => (
          <tspan key={index} x={x} y={box.top + (index + 0.5) * lineHeight}>
            {line}
          </tspan>
        ))}
      </text>
    </g>
  );
}

const getStyles = (theme: GrafanaTheme2) => ({
  label: css({
    pointerEvents: 'none',
    '& text': {
      fontWeight: theme.typography.fontWeightMedium,
      dominantBaseline: 'central',
      paintOrder: 'stroke',
      strokeLinejoin: 'round',
    },
  }),
  outside: css({ fill: theme.colors.text.primary }),
  leader: css({ fill: 'none', stroke: theme.colors.text.secondary, strokeWidth: 1 }),
});
