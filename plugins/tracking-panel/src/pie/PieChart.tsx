import { css } from '@emotion/css';
import { type DisplayValue, type GrafanaTheme2 } from '@grafana/data';
import { t } from '@grafana/i18n';
import { measureText, useStyles2 } from '@grafana/ui';
import React, {
  type FocusEvent,
  type KeyboardEvent,
  type MouseEvent,
  useId,
  useMemo,
  useRef,
  useState,
} from 'react';
import { TEST_IDS } from '../constants';
import { standsFor } from '../statuses/others';
import { TILE } from '../statuses/patterns';
import { type Slice, type SliceSet } from '../statuses/types';
import { type Arc, arcPath, midpoint } from './geometry';
import { layoutPie } from './pieLayout';
import { useStatusInteraction } from '../interaction/StatusInteraction';
import { numberFormatOf } from '../shared/locale';
import { type TrackingOptions } from '../types';
import { DonutCentre } from './DonutCentre';
import { classNames } from '../shared/classNames';
import { type Highlight } from '../interaction/highlight';
import { PieTooltip } from './PieTooltip';
import { nextIndex } from '../interaction/roving';
import { SliceLabel } from './SliceLabel';
import { sliceNamer } from './sliceName';
import { Tile } from './Swatch';

const GROWTH = 4;
/** Width of the line between slices, and of the one between many, where they would fill the middle. */
const GAP = 1.5;
const THIN_GAP = 0.5;
const MANY = 20;
/** Pixels at the edge that a pointer finds; a slice that is drawn smaller has that much around it, unseen. */
const REACH = 4;
/** A little more than the canvas says: it knows nothing of letter spacing. */
const measureLabel = (text: string, size: number) => measureText(text, size, 500).width * 1.03;

interface Props {
  statuses: SliceSet;
  options: TrackingOptions;
  /** For the donut's hole, where the options ask for a KPI there. */
  kpi: DisplayValue | undefined;
  title: string;
  width: number;
  height: number;
  highlight: Highlight;
}

/** The pie itself. One tab stop: arrow keys, Home and End walk over the slices, each of which says what it is. */
export function PieChart({ statuses, options, kpi, title, width, height, highlight }: Props) {
  const styles = useStyles2(getStyles);
  // Without the colons of React 18, which a URL in an attribute need not take.
  const patternId = useId().replace(/:/g, '');
  const paths = useRef(new Map<string, SVGGElement>());
  const [tooltip, setTooltip] = useState<{ x: number; y: number }>();
  const [stop, setStop] = useState<string>();
  const { outer, inner, drawn, labels } = useMemo(
    () => layoutPie(statuses, options, { width, height }, measureLabel),
    [statuses, options, width, height]
  );
  const pieces = drawn.map(({ slice, arc }) => ({
    slice,
    arc,
    label: labels.get(slice.id),
    isThin: (arc.end - arc.start) * outer < REACH,
  }));
  const tabStop = drawn.some(({ slice }) => slice.id === stop) ? stop : drawn[0]?.slice.id;
  const interaction = useStatusInteraction(() => drawn.map(({ slice }) => slice.id));
  const nameOf = useMemo(
    () => sliceNamer(options.pie.percentDecimals, options.numbers),
    [options.pie.percentDecimals, options.numbers]
  );
  const active = drawn.find(({ slice }) => standsFor(slice, highlight.active))?.slice;

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
    <div className={styles.pie} style={{ width, height }}>
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
        {options.pie.patterns && (
          <defs>
            {drawn.map(({ slice }, index) => (
              <pattern
                key={slice.id}
                id={`${patternId}-${index}`}
                width={TILE}
                height={TILE}
                patternUnits="userSpaceOnUse"
              >
                <Tile slice={slice} />
              </pattern>
            ))}
          </defs>
        )}
        {pieces.map(({ slice, arc, label, isThin }, index) => (
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
            aria-label={nameOf(slice)}
            className={classNames(
              styles.slice,
              active && active !== slice && styles.dimmed,
              interaction.sliceClass(slice.id)
            )}
            data-testid={TEST_IDS.slice(slice.id)}
            onMouseMove={hover(slice)}
            onMouseLeave={leave}
            onFocus={focus(slice, arc)}
            onBlur={leave}
          >
            <path
              d={arcPath(arc, inner, active === slice ? outer + GROWTH : outer)}
              fill={options.pie.patterns ? `url(#${patternId}-${index})` : slice.color}
              // The line would hide a slice that is no wider.
              className={drawn.length > 1 && !isThin ? styles.gap : undefined}
              strokeWidth={drawn.length > MANY ? THIN_GAP : GAP}
            />
            {isThin && <path d={arcPath(arc, inner, outer)} className={styles.reach} strokeWidth={REACH} />}
            {label && <SliceLabel slice={slice} label={label} options={options.pie} />}
          </g>
        ))}
      </svg>
      {inner > 0 && (
        <DonutCentre
          statuses={statuses}
          active={active}
          kpi={kpi}
          options={options.pie}
          numbers={numberFormatOf(options.numbers)}
          radius={inner}
        />
      )}
      {tooltip && active && (
        <PieTooltip active={active} slices={statuses.gathered} options={options} position={tooltip} />
      )}
    </div>
  );
}

const getStyles = (theme: GrafanaTheme2) => ({
  pie: css({ position: 'relative' }),
  svg: css({ display: 'block' }),
  slice: css({
    outline: 'none',
    '&:focus-visible path': { stroke: theme.colors.text.primary, strokeWidth: 2.5 },
    [theme.transitions.handleMotion('no-preference')]: { transition: 'opacity 120ms ease-out' },
  }),
  gap: css({ stroke: theme.colors.background.primary, strokeLinejoin: 'round' }),
  reach: css({ fill: 'none', stroke: 'transparent', pointerEvents: 'stroke' }),
  dimmed: css({ opacity: 0.45 }),
});
