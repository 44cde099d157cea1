import { css, cx } from '@emotion/css';
import { type GrafanaTheme2 } from '@grafana/data';
import { t } from '@grafana/i18n';
import { measureText, SeriesTable, useStyles2, VizTooltip } from '@grafana/ui';
import React, { type FocusEvent, type KeyboardEvent, type MouseEvent, useRef, useState } from 'react';
import { TEST_IDS } from '../constants';
import { type Slice } from '../data/slices';
import { formatPercent } from '../locale';
import { type Arc, arcPath, arcsOf, fitsInside, isFullTurn, midpoint } from '../pie/geometry';
import { useStatusInteraction } from '../selection/StatusInteraction';
import { type TrackingOptions } from '../types';
import { type Highlight } from './highlight';
import { nextIndex } from './roving';
import { sliceName } from './sliceName';

const MARGIN = 6;
const GROWTH = 4;
const DONUT_HOLE = 0.58;
const LABEL_SIZE = 12;
const LABEL_LINE = 15;

interface Props {
  slices: Slice[];
  options: TrackingOptions['pie'];
  title: string;
  width: number;
  height: number;
  highlight: Highlight;
}

/** The pie itself. One tab stop: arrow keys, Home and End walk over the slices, each of which says what it is. */
export function PieChart({ slices, options, title, width, height, highlight }: Props) {
  const styles = useStyles2(getStyles);
  const paths = useRef(new Map<string, SVGGElement>());
  const [tooltip, setTooltip] = useState<{ x: number; y: number }>();
  const [stop, setStop] = useState<string>();
  const outer = Math.max(0, Math.min(width, height) / 2 - MARGIN);
  const inner = options.type === 'donut' ? outer * DONUT_HOLE : 0;
  const arcs = arcsOf(slices.map(({ value }) => value));
  const drawn = slices.flatMap((slice, index) => {
    const arc = arcs[index];
    return arc && arc.end > arc.start ? [{ slice, arc }] : [];
  });
  const tabStop = drawn.some(({ slice }) => slice.id === stop) ? stop : drawn[0]?.slice.id;
  const interaction = useStatusInteraction(drawn.map(({ slice }) => slice.id));
  const active = drawn.find(({ slice }) => slice.id === highlight.active)?.slice;

  const leave = () => {
    highlight.set(undefined);
    setTooltip(undefined);
  };
  const hover = (slice: Slice) => (event: MouseEvent) => {
    highlight.set(slice.id);
    setTooltip({ x: event.clientX, y: event.clientY });
  };
  const focus = (slice: Slice, arc: Arc) => (event: FocusEvent<SVGGElement>) => {
    const box = event.currentTarget.ownerSVGElement?.getBoundingClientRect();
    const middle = midpoint(arc, (inner + outer) / 2);
    setStop(slice.id);
    highlight.set(slice.id);
    setTooltip(box && { x: box.left + box.width / 2 + middle.x, y: box.top + box.height / 2 + middle.y });
  };
  const walk = (event: KeyboardEvent) => {
    const index = drawn.findIndex(({ slice }) => slice.id === tabStop);
    const target = nextIndex(event.key, index, drawn.length);
    if (target !== undefined) {
      event.preventDefault();
      paths.current.get(drawn[target]?.slice.id ?? '')?.focus();
    } else if (event.key === 'Escape') {
      leave();
    }
  };

  if (outer === 0) {
    return null;
  }
  return (
    <>
      <svg
        width={width}
        height={height}
        viewBox={`${-width / 2} ${-height / 2} ${width} ${height}`}
        {...interaction.list}
        aria-label={title || t('pie.label', 'Packages by status')}
        className={styles.svg}
        data-testid={TEST_IDS.pie}
        onKeyDown={walk}
      >
        {drawn.map(({ slice, arc }) => (
          <g
            key={slice.id}
            ref={(element) => {
              if (element) {
                paths.current.set(slice.id, element);
              } else {
                paths.current.delete(slice.id);
              }
            }}
            {...interaction.option(slice.id)}
            tabIndex={slice.id === tabStop ? 0 : -1}
            aria-label={sliceName(slice, options.percentDecimals)}
            className={cx(styles.slice, active && active !== slice && styles.dimmed, interaction.sliceClass(slice.id))}
            data-testid={TEST_IDS.slice(slice.id)}
            onMouseMove={hover(slice)}
            onMouseLeave={leave}
            onFocus={focus(slice, arc)}
            onBlur={leave}
          >
            <path
              d={arcPath(arc, inner, active === slice ? outer + GROWTH : outer)}
              fill={slice.colour}
              className={drawn.length > 1 ? styles.gap : undefined}
            />
            <SliceText slice={slice} arc={arc} inner={inner} outer={outer} options={options} />
          </g>
        ))}
      </svg>
      {tooltip && active && (
        <div data-testid={TEST_IDS.tooltip}>
          <VizTooltip
            position={tooltip}
            offset={{ x: 12, y: 12 }}
            content={
              <SeriesTable
                series={[
                  {
                    color: active.colour,
                    label: active.label || t('status.missing', '(no status)'),
                    value: `${active.valueText} (${formatPercent(active.percent, options.percentDecimals)})`,
                  },
                ]}
              />
            }
          />
        </div>
      )}
    </>
  );
}

interface TextProps {
  slice: Slice;
  arc: Arc;
  inner: number;
  outer: number;
  options: TrackingOptions['pie'];
}

/** The chosen labels, one under the other, or nothing where they would leave the slice. */
function SliceText({ slice, arc, inner, outer, options }: TextProps) {
  const styles = useStyles2(getStyles);
  const lines = options.labels.map((label) =>
    label === 'name'
      ? slice.label
      : label === 'value'
        ? slice.valueText
        : formatPercent(slice.percent, options.percentDecimals)
  );
  const width = Math.max(0, ...lines.map((line) => measureText(line, LABEL_SIZE, 500).width));
  // A pie of one slice has its label in the middle.
  const radius = inner > 0 ? (inner + outer) / 2 : isFullTurn(arc) ? 0 : outer * 0.68;
  if (lines.length === 0 || !fitsInside(arc, inner, outer, radius, width + 4, lines.length * LABEL_LINE)) {
    return null;
  }
  const { x, y } = midpoint(arc, radius);
  return (
    <text className={styles.label} fill={slice.textColour} aria-hidden data-testid={TEST_IDS.sliceLabel(slice.id)}>
      {lines.map((line, index) => (
        <tspan key={index} x={x} y={y + (index - (lines.length - 1) / 2) * LABEL_LINE}>
          {line}
        </tspan>
      ))}
    </text>
  );
}

const getStyles = (theme: GrafanaTheme2) => ({
  svg: css({ display: 'block' }),
  slice: css({
    outline: 'none',
    '&:focus-visible path': { stroke: theme.colors.text.primary, strokeWidth: 2.5 },
    [theme.transitions.handleMotion('no-preference')]: { transition: 'opacity 120ms ease-out' },
  }),
  gap: css({ stroke: theme.colors.background.primary, strokeWidth: 1.5, strokeLinejoin: 'round' }),
  dimmed: css({ opacity: 0.45 }),
  label: css({
    fontSize: LABEL_SIZE,
    fontWeight: theme.typography.fontWeightMedium,
    textAnchor: 'middle',
    dominantBaseline: 'central',
    pointerEvents: 'none',
  }),
});
