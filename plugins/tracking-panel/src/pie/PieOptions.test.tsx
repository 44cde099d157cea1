import { type DataFrame } from '@grafana/data';
import { fireEvent, render, screen } from '@testing-library/react';
import React, { useState } from 'react';
import { TEST_IDS } from '../constants';
import { buildModel } from '../frame/model';
import { OTHERS_ID } from '../statuses/others';
import { layoutLegend, measureLegend } from './legendLayout';
import { fillRegistries } from '../test/editors';
import {
  kpiFrame,
  optionsWith,
  ORIGINAL,
  ORIGINAL_MEAN_SECONDS,
  statusFrame,
  THEME,
  withOverrides,
} from '../test/frames';
import { StatusPie } from './StatusPie';

beforeAll(fillRegistries);

const measure = (text: string) => text.length * 7;

interface Given {
  frames?: DataFrame[];
  options?: Parameters<typeof optionsWith>[0];
  width?: number;
  height?: number;
  /** The status that pointer or focus is on in another part of the panel. */
  lit?: string;
}

/** Pie and legend on real frames, without the panel's other parts. */
function Pie({ frames = [statusFrame(ORIGINAL)], options: changes, width = 900, height = 400, lit }: Given) {
  const [active, set] = useState(lit);
  const options = optionsWith(changes);
  const model = buildModel(withOverrides(frames), options, THEME);
  if (model.kind !== 'ready' || !model.statuses) {
    throw new Error('expected statuses');
  }
  return (
    <StatusPie
      statuses={model.statuses}
      options={options}
      kpi={model.centre}
      legend={
        options.legend.show
          ? layoutLegend(measureLegend(model.statuses, options, measure), options, { width, height })
          : undefined
      }
      width={width}
      height={height}
      highlight={{ active, set }}
    />
  );
}

const show = (given: Given = {}) => render(<Pie {...given} />);
const slice = (status: string) => screen.getByTestId(TEST_IDS.slice(status));
const pathOf = (status: string) => slice(status).querySelector('path');
const label = (status: string) => screen.queryByTestId(TEST_IDS.sliceLabel(status));
const hover = (status: string) => fireEvent.mouseMove(slice(status), { clientX: 10, clientY: 10 });
const tooltip = () => screen.getByTestId(TEST_IDS.tooltip).textContent;

describe('the hole of a donut', () => {
  const donut = (changes: NonNullable<Given['options']>['pie']) => ({
    pie: { type: 'donut' as const, ...changes },
  });

  it('is as wide as the thickness leaves it', () => {
    const innerOf = () => Number(/L[^A]*A([\d.]+),/.exec(pathOf('ENTREGUE')?.getAttribute('d') ?? '')?.[1]);
    const outerOf = () => Number(/^M[^A]*A([\d.]+),/.exec(pathOf('ENTREGUE')?.getAttribute('d') ?? '')?.[1]);
    const { rerender } = show({ options: donut({ donutThickness: 20 }) });
    expect(innerOf() / outerOf()).toBeCloseTo(0.8, 3);
    rerender(<Pie options={donut({ donutThickness: 70 })} />);
    expect(innerOf() / outerOf()).toBeCloseTo(0.3, 3);
  });

  it.each([
    ['none', donut({ centre: 'none' })],
    ['a total, but in a pie', { pie: { centre: 'total' as const } }],
    ['a KPI that nobody named', donut({ centre: 'kpi' })],
  ])('is empty for %s', (_, options) => {
    show({ options });
    expect(screen.queryByTestId(TEST_IDS.centre)).not.toBeInTheDocument();
  });

  it('holds the total', () => {
    show({ options: donut({ centre: 'total' }) });
    expect(screen.getByTestId(TEST_IDS.centre)).toHaveTextContent('29Total');
    hover('EXTRAVIADO');
    expect(screen.getByTestId(TEST_IDS.centre)).toHaveTextContent('29Total');
  });

  it('holds the status pointed at, else the total, in one font size', () => {
    show({ options: donut({ centre: 'selected' }) });
    const size = () => (screen.getByTestId(TEST_IDS.centre).firstElementChild as HTMLElement).style.fontSize;
    const before = size();
    expect(screen.getByTestId(TEST_IDS.centre)).toHaveTextContent('29Total');
    hover('EXTRAVIADO');
    expect(screen.getByTestId(TEST_IDS.centre)).toHaveTextContent('5EXTRAVIADO17.2%');
    expect(size()).toBe(before);
    fireEvent.mouseLeave(slice('EXTRAVIADO'));
    expect(screen.getByTestId(TEST_IDS.centre)).toHaveTextContent('29Total');
  });

  it('holds a KPI', () => {
    show({
      frames: [statusFrame(ORIGINAL), kpiFrame({ tempo_medio_segundos: ORIGINAL_MEAN_SECONDS })],
      options: donut({ centre: 'kpi', centreField: 'tempo_medio_segundos' }),
    });
    expect(screen.getByTestId(TEST_IDS.centre)).toHaveTextContent('2 dias, 08:42:00');
  });

  it('stays empty where it is too small for letters', () => {
    show({ options: donut({ centre: 'total', donutThickness: 95 }) });
    expect(screen.queryByTestId(TEST_IDS.centre)).not.toBeInTheDocument();
  });
});

describe('labels', () => {
  it.each([
    ['inside', false, undefined],
    ['auto', false, true],
    ['outside', true, true],
  ] as const)('%s: led to from the large slice %s, from the small one %s', (labelPlacement, large, small) => {
    show({ options: { pie: { labelPlacement }, legend: { show: false } } });
    const isLed = (status: string) => {
      const parent = label(status)?.parentElement;
      return parent ? parent.querySelector('polyline') !== null : undefined;
    };
    expect(isLed('ENTREGUE')).toBe(large);
    expect(isLed('EM TRÂNSITO')).toBe(small);
  });

  it('have the size of the options', () => {
    show({ options: { pie: { labelSize: 20 } } });
    expect(label('ENTREGUE')).toHaveAttribute('font-size', '20');
  });

  it('outside are in the color of the text, inside in black or white', () => {
    show({ options: { pie: { labelPlacement: 'auto' }, legend: { show: false } } });
    expect(label('ENTREGUE')).toHaveAttribute('fill', '#000000');
    expect(label('EM TRÂNSITO')).not.toHaveAttribute('fill');
  });

  it('leave the pie its size while counts change', () => {
    const options = {
      pie: { labelPlacement: 'outside' as const, labels: ['name' as const, 'value' as const] },
    };
    const radius = () => /A([\d.]+),/.exec(pathOf('ENTREGUE')?.getAttribute('d') ?? '')?.[1];
    const { rerender } = show({ options });
    const before = radius();
    rerender(
      <Pie options={options} frames={[statusFrame(ORIGINAL.map(([name], index) => [name, 6 - index]))]} />
    );
    expect(radius()).toBe(before);
  });
});

describe('patterns', () => {
  it('fill slices and legend, a pattern of its own for each slice', () => {
    show({ options: { pie: { patterns: true } } });
    const fills = ORIGINAL.map(([status]) => pathOf(status)?.getAttribute('fill') ?? '');
    expect(new Set(fills).size).toBe(ORIGINAL.length);
    for (const fill of fills) {
      expect(document.getElementById(/^url\(#(.+)\)$/.exec(fill)?.[1] ?? '')?.tagName).toBe('pattern');
    }
    expect(screen.getByTestId(TEST_IDS.legendItem('EXTRAVIADO')).querySelector('svg path')).toHaveAttribute(
      'd'
    );
  });

  it('keep their lines away from the letters', () => {
    show({ options: { pie: { patterns: true } } });
    expect(label('ENTREGUE')).toHaveAttribute('stroke', '#08906A');
  });

  it('of two panels on one page do not mix', () => {
    show({ options: { pie: { patterns: true } } });
    show({ options: { pie: { patterns: true } } });
    const ids = [...document.querySelectorAll('pattern')].map(({ id }) => id);
    expect(ids).toHaveLength(2 * ORIGINAL.length);
    expect(new Set(ids).size).toBe(ids.length);
  });
});

describe('tooltip', () => {
  it('opens the gathered statuses', () => {
    show({ options: { others: { top: 4 } } });
    hover(OTHERS_ID);
    expect(tooltip()).toBe('Outros2 (7.0%)AGUARDANDO RETIRADA1 (3.5%)EM TRÂNSITO1 (3.5%)');
  });

  it('lists all slices', () => {
    show({ options: { tooltip: { mode: 'multi' } } });
    hover('ENTREGUE');
    expect(tooltip()).toContain('ENTREGUE15 (51.7%)EM ROTA DE ENTREGA5 (17.2%)');
  });

  it('counts those that it has no room for', () => {
    show({
      frames: [statusFrame(Array.from({ length: 40 }, (_, index) => [`S${index}`, 100 - index]))],
      options: { tooltip: { mode: 'multi' } },
    });
    hover('S0');
    expect(tooltip()).toMatch(/25 more$/);
  });

  it('stays away', () => {
    show({ options: { tooltip: { mode: 'none' } } });
    hover('ENTREGUE');
    expect(screen.queryByTestId(TEST_IDS.tooltip)).not.toBeInTheDocument();
  });
});

describe('gathered statuses', () => {
  it('have one slice and one legend entry, which light up for each of them', () => {
    show({ options: { others: { top: 4 } }, lit: 'EM TRÂNSITO' });
    const classes = (elements: HTMLElement[]) => elements.map(({ className }) => String(className));
    const entry = (status: string) => screen.getByTestId(TEST_IDS.legendItem(status));
    const [litEntry, ...entries] = classes([OTHERS_ID, 'ENTREGUE', 'CANCELADO'].map(entry));
    expect(new Set(entries).size).toBe(1);
    expect(entries).not.toContain(litEntry);
    const dimmed = (status: string) => slice(status).getAttribute('class');
    expect(dimmed('ENTREGUE')).toBe(dimmed('CANCELADO'));
    expect(dimmed(OTHERS_ID)).not.toBe(dimmed('ENTREGUE'));
    expect(screen.getByTestId(TEST_IDS.legendItem(OTHERS_ID))).toHaveTextContent('Outros27.0%');
    expect(screen.queryByTestId(TEST_IDS.legendItem('EM TRÂNSITO'))).not.toBeInTheDocument();
    expect(slice(OTHERS_ID)).toHaveAccessibleName('Outros, 2 packages, 7.0 %');
  });
});

describe('a slice too small to be pointed at', () => {
  const frames = [
    statusFrame([
      ['A', 1000],
      ['B', 1],
    ]),
  ];

  it('is found around itself, has no line that hides it, and is in legend and keyboard walk', () => {
    show({ frames });
    const paths = (status: string) => [...slice(status).querySelectorAll('path')];
    expect([paths('A').length, paths('B').length]).toEqual([1, 2]);
    const [drawn, reach] = paths('B');
    expect(reach?.getAttribute('d')).toBe(drawn?.getAttribute('d'));
    expect(reach).toHaveAttribute('stroke-width', '4');
    expect(drawn?.getAttribute('class')).toBeNull();
    expect(paths('A')[0]?.getAttribute('class')).not.toBeNull();
    expect(screen.getByTestId(TEST_IDS.legendItem('B'))).toBeInTheDocument();
    fireEvent.focus(slice('A'));
    fireEvent.keyDown(slice('A'), { key: 'ArrowRight' });
    expect(slice('B')).toHaveFocus();
  });
});

describe('legend', () => {
  it('leaves out what an override hides', () => {
    const frame = kpiFrame({ ENTREGUE: 3, EXTRAVIADO: 1 });
    frame.fields[0] = {
      ...frame.fields[0],
      name: 'ENTREGUE',
      type: frame.fields[1]?.type ?? ('number' as never),
      values: [3],
      config: { custom: { hideFrom: { legend: true, viz: false, tooltip: false } } },
    };
    show({ frames: [frame] });
    expect(screen.queryByTestId(TEST_IDS.legendItem('ENTREGUE'))).not.toBeInTheDocument();
    expect(screen.getByTestId(TEST_IDS.legendItem('EXTRAVIADO'))).toBeInTheDocument();
    expect(slice('ENTREGUE')).toBeInTheDocument();
  });

  it('writes the whole name into the title of a name that may be cut', () => {
    show({ width: 400 });
    expect(screen.getByTitle('AGUARDANDO RETIRADA')).toBeInTheDocument();
  });
});
