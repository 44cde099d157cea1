import {
  type DataFrame,
  type FieldConfigSource,
  FieldType,
  PluginContextProvider,
  type PluginMeta,
  toDataFrame,
} from '@grafana/data';
import { act, fireEvent, render, screen, waitFor, within } from '@testing-library/react';
import React from 'react';
import { PLUGIN_ID, TEST_IDS } from '../constants';
import { fillRegistries } from '../test/editors';
import { optionsWith, ORIGINAL, statusFrame, withOverrides } from '../test/frames';
import { panelProps } from '../test/props';
import { type TableOptions } from './types';
import { DEFAULT_OPTIONS } from '../types';
import { csvName } from './download';
import { TrackingPanel } from '../frame/TrackingPanel';

// Pop-ups are found by role, which takes seconds in jsdom on a busy machine.
jest.setTimeout(20_000);
beforeAll(fillRegistries);
afterEach(() => localStorage.clear());

const withRoute = () => {
  const frame = statusFrame(ORIGINAL);
  const values = ORIGINAL.map((_, index) => `Rota ${index}`);
  return toDataFrame({
    ...frame,
    fields: [...frame.fields, { name: 'rota', type: FieldType.string, values, config: {} }],
  });
};

function panel(frames: DataFrame[], table: Partial<TableOptions>, fieldConfig?: FieldConfigSource, height = 600) {
  const options = optionsWith({ show: { pie: false, cards: false }, table: { ...DEFAULT_OPTIONS.table, ...table } });
  return (
    <PluginContextProvider meta={{ id: PLUGIN_ID } as PluginMeta}>
      <TrackingPanel {...panelProps(withOverrides(frames, fieldConfig), { options, height })} />
    </PluginContextProvider>
  );
}

const show = (...given: Parameters<typeof panel>) => render(panel(...given));
const table = () => screen.getByTestId(TEST_IDS.table);
const names = () => screen.queryAllByRole('rowheader').map(({ textContent }) => textContent);
const headers = () => screen.getAllByRole('columnheader').map(({ textContent }) => textContent);

describe('many rows', () => {
  const many = () =>
    statusFrame(Array.from({ length: 10_000 }, (_, index) => [`STATUS ${index}`, 10_000 - index] as const));

  it('draws those in sight alone, and says how many there are and which these are', () => {
    show([many()], {});
    const drawn = within(table()).getAllByRole('row');
    expect(drawn.length).toBeLessThan(60);
    expect(table()).toHaveAttribute('aria-rowcount', '10001');
    expect(drawn.map((row) => row.getAttribute('aria-rowindex')).slice(0, 3)).toEqual(['1', '2', '3']);
  });

  it('draws others when it is scrolled, with the room of those before them', () => {
    show([many()], {});
    const scroll = table().parentElement!;
    scroll.scrollTop = 5000 * 32;
    fireEvent.scroll(scroll);
    expect(screen.getByTestId(TEST_IDS.tableRow('STATUS 5000'))).toHaveAttribute('aria-rowindex', '5002');
    expect(screen.queryByTestId(TEST_IDS.tableRow('STATUS 0'))).not.toBeInTheDocument();
    const [before] = table().querySelectorAll('tbody tr');
    const first = within(table()).getAllByRole('row')[1];
    expect(before).toHaveStyle({ height: `${(Number(first?.getAttribute('aria-rowindex')) - 2) * 32}px` });
  });

  it('is walked by the keyboard beyond the rows that are drawn', () => {
    show([many()], {});
    const scroll = table().parentElement!;
    // Stub: jsdom does not scroll.
    scroll.scrollTo = (({ top }: ScrollToOptions) => {
      scroll.scrollTop = top ?? 0;
      fireEvent.scroll(scroll);
    }) as typeof scroll.scrollTo;
    const stops = () =>
      within(table())
        .getAllByRole('button')
        .filter(({ tabIndex }) => tabIndex === 0);
    const [start] = stops().slice(-1);
    act(() => start?.focus());
    fireEvent.keyDown(start!, { key: 'End' });
    expect(document.activeElement).toHaveTextContent('STATUS 9999');
    fireEvent.keyDown(document.activeElement!, { key: 'ArrowDown' });
    expect(document.activeElement).toHaveTextContent('STATUS 0');
  });

  it('shows as many rows as a narrow, tall panel has, and scrolls the others by itself', () => {
    const options = optionsWith({ show: { pie: false } });
    render(<TrackingPanel {...panelProps(withOverrides([many()]), { options, width: 300, height: 400 })} />);
    expect(within(table()).getAllByRole('row').length).toBeLessThan(80);
  });
});

describe('search', () => {
  it('is not there unasked', () => {
    show([statusFrame(ORIGINAL)], {});
    expect(screen.queryByRole('searchbox')).not.toBeInTheDocument();
  });

  it('keeps the rows with that text, tells how many, and ends with Escape', async () => {
    show([statusFrame(ORIGINAL)], { search: true });
    const box = screen.getByRole('searchbox', { name: 'Search the table' });
    fireEvent.change(box, { target: { value: 'transito' } });
    await waitFor(() => expect(names()).toEqual(['EM TRÂNSITO']));
    expect(screen.getByText('1 of 6')).toHaveAttribute('role', 'status');
    expect(table()).toHaveAttribute('aria-rowcount', '2');
    fireEvent.change(box, { target: { value: 'nada' } });
    await waitFor(() => expect(table()).toHaveTextContent('No row has that text'));
    fireEvent.keyDown(box, { key: 'Escape' });
    await waitFor(() => expect(names()).toHaveLength(6));
    expect(box).toHaveValue('');
  });
});

describe('columns', () => {
  it('are those of the options, further fields included', () => {
    show([withRoute()], { columns: ['field:rota', 'status', 'count'] });
    expect(headers()).toEqual(['rota', 'status_rastreamento', 'total_pacotes']);
    expect(screen.getByTestId(TEST_IDS.tableRow('ENTREGUE'))).toHaveTextContent(/^Rota 0ENTREGUE15$/);
  });

  it('can be chosen by viewers, whose choice stays', async () => {
    const given = [[withRoute()], { chooseColumns: true }] as const;
    const { unmount } = show([...given[0]], given[1]);
    await act(async () => fireEvent.click(screen.getByRole('button', { name: 'Columns' })));
    const box = (name: string) => screen.getByRole('checkbox', { name });
    expect(box('rota')).not.toBeChecked();
    await act(async () => fireEvent.click(box('rota')));
    await act(async () => fireEvent.click(box('Share')));
    expect(headers()).toEqual(['status_rastreamento', 'total_pacotes', 'rota']);
    unmount();

    show([...given[0]], given[1]);
    await waitFor(() => expect(headers()).toEqual(['status_rastreamento', 'total_pacotes', 'rota']));
    await act(async () => fireEvent.click(screen.getByRole('button', { name: 'Columns' })));
    await act(async () => fireEvent.click(screen.getByRole('button', { name: 'As in the dashboard' })));
    expect(headers()).toEqual(['status_rastreamento', 'total_pacotes', 'Share']);
  });

  it('never all go', async () => {
    show([statusFrame(ORIGINAL)], { chooseColumns: true, columns: ['count'] });
    await act(async () => fireEvent.click(screen.getByRole('button', { name: 'Columns' })));
    expect(screen.getByRole('checkbox', { name: 'total_pacotes' })).toBeDisabled();
    expect(screen.getByRole('checkbox', { name: 'Share' })).toBeEnabled();
  });
});

describe('bars', () => {
  const cell = () => within(screen.getByTestId(TEST_IDS.tableRow('ENTREGUE'))).getByText('51.7%');

  it('are as long as the share, and go with their option', () => {
    const { rerender } = show([statusFrame(ORIGINAL)], {});
    expect(cell()).toHaveStyle({ backgroundImage: expect.stringContaining('51.7%') as string });
    rerender(panel([statusFrame(ORIGINAL)], { shareBars: false }));
    expect(cell().style.backgroundImage).toBe('');
  });
});

describe('links', () => {
  const linked = (...links: string[]): FieldConfigSource => ({
    defaults: {},
    overrides: [
      {
        matcher: { id: 'byName', options: 'total_pacotes' },
        properties: [{ id: 'links', value: links.map((title) => ({ title, url: `/d/${title}` })) }],
      },
    ],
  });

  it('one makes a link of the text, several a menu', async () => {
    const { rerender } = show([statusFrame(ORIGINAL)], {}, linked('um'));
    expect(screen.getByRole('link', { name: '15' })).toHaveAttribute('href', '/d/um');
    rerender(panel([statusFrame(ORIGINAL)], {}, linked('um', 'dois')));
    await act(async () => fireEvent.click(screen.getByRole('button', { name: '15' })));
    expect(await screen.findByRole('menuitem', { name: 'dois' })).toBeInTheDocument();
  });
});

describe('export', () => {
  it('saves what is shown, after search and sort', async () => {
    const saved: Array<{ name: string; blob: Blob }> = [];
    let blob = new Blob();
    // Stub: jsdom has no object URLs and does not follow links.
    URL.createObjectURL = (object) => {
      blob = object as Blob;
      return 'blob:x';
    };
    URL.revokeObjectURL = () => undefined;
    const click = jest.spyOn(HTMLAnchorElement.prototype, 'click').mockImplementation(function (
      this: HTMLAnchorElement
    ) {
      saved.push({ name: this.download, blob });
    });
    show([statusFrame(ORIGINAL)], { search: true, export: true, columns: ['status', 'count'] });
    fireEvent.click(within(table()).getByRole('button', { name: 'total_pacotes' }));
    fireEvent.click(within(table()).getByRole('button', { name: 'total_pacotes' }));
    fireEvent.change(screen.getByRole('searchbox'), { target: { value: 'em' } });
    await waitFor(() => expect(names()).toHaveLength(2));
    fireEvent.click(screen.getByRole('button', { name: 'Save as CSV' }));
    click.mockRestore();
    expect(saved.map(({ name }) => name)).toEqual([csvName('Dados de Status', new Date())]);
    const text = await new Promise((resolve) => {
      const reader = new FileReader();
      reader.onload = () => resolve(reader.result);
      reader.readAsText(saved[0]?.blob ?? blob);
    });
    // Reading as UTF-8 takes the byte order mark away.
    expect(text).toBe('"status_rastreamento","total_pacotes"\r\nEM TRÂNSITO,1\r\nEM ROTA DE ENTREGA,5');
  });

  it.each([
    ['Dados de Status', 'Dados de Status 2026-03-04.csv'],
    ['a/b: "c"', 'a b c 2026-03-04.csv'],
    ['', '2026-03-04.csv'],
  ])('names the file of %p', (title, name) => {
    expect(csvName(title, new Date(2026, 2, 4))).toBe(name);
  });
});
