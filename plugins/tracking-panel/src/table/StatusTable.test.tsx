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

function panel(
  frames: DataFrame[],
  table: Partial<TableOptions>,
  fieldConfig?: FieldConfigSource,
  height = 600
) {
  const options = optionsWith({
    show: { pie: false, cards: false },
    table: { ...DEFAULT_OPTIONS.table, ...table },
  });
  return (
    <PluginContextProvider meta={{ id: PLUGIN_ID } as PluginMeta}>
      <TrackingPanel {...panelProps(withOverrides(frames, fieldConfig), { options, height })} />
    </PluginContextProvider>
  );
}

const show = (...given: Parameters<typeof panel>) => render(panel(...given));
const table = () => screen.getByTestId(TEST_IDS.table);
/** Found by their tags: a role asks jsdom for the style of everything there is, hundreds of rows here. */
const names = () => [...table().querySelectorAll('th[scope=row]')].map(({ textContent }) => textContent);
const sortBy = (title: string) =>
  fireEvent.click(within(table().querySelector('thead')!).getByRole('button', { name: title }));
const headers = () => screen.getAllByRole('columnheader').map(({ textContent }) => textContent);

describe('more than a hundred statuses', () => {
  const many = () =>
    statusFrame(Array.from({ length: 150 }, (_, index) => [`STATUS ${index}`, 1000 - index] as const));
  const rest = () => screen.queryByTestId(TEST_IDS.restRow);

  it('are listed up to a hundred, then one row says how many more there are and what they sum up to', () => {
    show([many()], {});
    expect(names()).toEqual([
      ...Array.from({ length: 100 }, (_, index) => `STATUS ${index}`),
      'Outros (50 statuses)',
    ]);
    expect(rest()).toHaveTextContent(/^Outros \(50 statuses\)43775/);
    expect(rest()?.querySelector('button')).toBeNull();
  });

  it('can all be found, and sorted to the top', () => {
    show([many()], { search: true });
    const box = screen.getByPlaceholderText('Search the table');
    fireEvent.change(box, { target: { value: 'status 149' } });
    expect(names()).toEqual(['STATUS 149']);
    fireEvent.change(box, { target: { value: '' } });
    sortBy('total_pacotes');
    sortBy('total_pacotes');
    expect(names()[0]).toBe('STATUS 149');
    expect(rest()).toHaveTextContent('Outros (50 statuses)');
  });

  it('are walked by the keyboard up to the last that is listed', () => {
    show([many()], {});
    const button = (status: string) => screen.getByTestId(TEST_IDS.tableRow(status)).querySelector('button')!;
    act(() => button('STATUS 0').focus());
    fireEvent.keyDown(document.activeElement!, { key: 'End' });
    expect(document.activeElement).toBe(button('STATUS 99'));
    fireEvent.keyDown(document.activeElement!, { key: 'ArrowDown' });
    expect(document.activeElement).toBe(button('STATUS 0'));
  });

  it('are as many for screen readers where the table is off', () => {
    const options = optionsWith({ show: { table: false } });
    render(<TrackingPanel {...panelProps(withOverrides([many()]), { options })} />);
    const hidden = screen.getByTestId(TEST_IDS.hiddenTable).querySelectorAll('tr');
    expect(hidden).toHaveLength(102);
    expect(hidden[101]).toHaveTextContent('Outros (50 statuses)');
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

  it('are one choice for a panel and its repetitions, now and later, and nobody else’s', async () => {
    const props = (id: number) => ({
      ...panel([withRoute()], { chooseColumns: true }).props.children.props,
      id,
    });
    const { container } = render(
      <PluginContextProvider meta={{ id: PLUGIN_ID } as PluginMeta}>
        {[1, 1, 2].map((id, index) => (
          <TrackingPanel key={index} {...props(id)} />
        ))}
      </PluginContextProvider>
    );
    const titles = () =>
      [...container.querySelectorAll('table')].map((of) =>
        [...of.querySelectorAll('th[scope=col]')].map(({ textContent }) => textContent)
      );
    await act(async () => fireEvent.click(screen.getAllByRole('button', { name: 'Columns' })[0]!));
    await act(async () => fireEvent.click(screen.getByRole('checkbox', { name: 'Share' })));
    const basic = ['status_rastreamento', 'total_pacotes'];
    expect(titles()).toEqual([basic, basic, [...basic, 'Share']]);
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
    sortBy('total_pacotes');
    sortBy('total_pacotes');
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
