import { type DataLink, FieldType, toDataFrame } from '@grafana/data';
import { locationService } from '@grafana/runtime';
import { act, fireEvent, screen, within } from '@testing-library/react';
import { TEST_IDS } from '../constants';
import { findStatuses } from '../statuses/role';
import { type StatusRole } from '../statuses/roleTypes';
import { buildSlices } from '../statuses/slices';
import { fillRegistries } from '../test/editors';
import { optionsWith, ORIGINAL, statusFrame, THEME, withOverrides } from '../test/frames';
import { showPanel } from '../test/panel';
import { provideServices } from '../test/services';
import { linkedStatuses, linksOf } from './source';

beforeAll(fillRegistries);
beforeEach(() => provideServices([{ name: 'status', type: 'query', multi: true, includeAll: true }]));

const link = (title: string, url: string, more: Partial<DataLink> = {}): DataLink => ({
  title,
  url,
  ...more,
});
const DETAIL = link('Detalhe', '/d/pacotes?status=x');
const OTHER = link('Mapa', '/d/mapa');

const linked = (...links: DataLink[]) => [statusFrame(ORIGINAL, { statusConfig: { links } })];
const NO_SELECTION = optionsWith({ selection: { enabled: false } });

const slice = (status: string) => screen.getByTestId(TEST_IDS.slice(status));
const row = (status: string) => screen.getByTestId(TEST_IDS.tableRow(status));
const legend = (status: string) => screen.getByTestId(TEST_IDS.legendItem(status));
const isSelected = (status: string) => slice(status).getAttribute('aria-selected') === 'true';

/** Addresses of the anchors that were clicked, as Grafana's router would see them; the page stays. */
let visited: Array<string | null>;
const catchClick = (event: MouseEvent) => {
  const anchor = event.target instanceof Element ? event.target.closest('a') : null;
  if (anchor) {
    event.preventDefault();
    visited.push(anchor.getAttribute('href'));
  }
};
beforeEach(() => {
  visited = [];
  document.addEventListener('click', catchClick);
});
afterEach(() => document.removeEventListener('click', catchClick));

const menuItems = () => screen.queryAllByRole('menuitem').map(({ textContent }) => textContent);

describe('links of a status', () => {
  const roleOf = (...frames: Parameters<typeof withOverrides>[0]) => {
    const series = withOverrides(frames);
    return findStatuses(series, optionsWith().data);
  };
  const linksOfStatus = (role: StatusRole | undefined, id: string) =>
    linksOf(
      role && buildSlices(role, [], optionsWith(), THEME).slices.find((slice) => slice.id === id)?.source
    );

  it("have its first row's values", () => {
    const rows = [
      ['A', 1],
      ['B', 2],
      ['B', 3],
    ] as const;
    const seen: unknown[] = [];
    const role = roleOf(
      statusFrame(rows, { statusConfig: { links: [DETAIL] }, valueConfig: { links: [OTHER] } })
    );
    for (const field of role?.kind === 'long' ? [role.status, role.value] : []) {
      const getLinks = field.getLinks;
      field.getLinks = (config) => {
        seen.push(config.valueRowIndex);
        return getLinks?.(config) ?? [];
      };
    }
    expect(linksOfStatus(role, 'B').map(({ title }) => title)).toEqual(['Detalhe', 'Mapa']);
    expect(seen).toEqual([1, 1]);
  });

  it('are listed once where status and count share them', () => {
    const role = roleOf(
      statusFrame(ORIGINAL, { statusConfig: { links: [DETAIL] }, valueConfig: { links: [DETAIL] } })
    );
    expect(linksOfStatus(role, 'ENTREGUE')).toHaveLength(1);
  });

  it('are those of its field where statuses are in columns', () => {
    const role = roleOf(
      toDataFrame({
        fields: [
          { name: 'ENTREGUE', type: FieldType.number, values: [3], config: { links: [DETAIL] } },
          { name: 'CANCELADO', type: FieldType.number, values: [1] },
        ],
      })
    );
    expect(linksOfStatus(role, 'ENTREGUE').map(({ title }) => title)).toEqual(['Detalhe']);
    expect(linksOfStatus(role, 'CANCELADO')).toEqual([]);
    expect(linkedStatuses(role)).toEqual(new Set(['ENTREGUE']));
  });

  it('are none for what is not in the data', () => {
    expect(linksOfStatus(roleOf(...linked(DETAIL)), 'X')).toEqual([]);
    expect(linksOfStatus(undefined, 'X')).toEqual([]);
    expect(linkedStatuses(undefined)).toEqual(new Set());
  });
});

describe('a press on a status with links', () => {
  it('selects; the links are in the context menu of slice, legend and row', () => {
    showPanel({ frames: linked(DETAIL, OTHER) });
    fireEvent.click(slice('ENTREGUE'));
    expect(isSelected('ENTREGUE')).toBe(true);
    expect(menuItems()).toEqual([]);
    for (const element of [slice('CANCELADO'), legend('CANCELADO'), row('CANCELADO')]) {
      fireEvent.contextMenu(element, { clientX: 20, clientY: 20 });
      expect(menuItems()).toEqual(['Detalhe', 'Mapa']);
      fireEvent.click(screen.getByRole('menuitem', { name: 'Mapa' }));
      expect(menuItems()).toEqual([]);
    }
    expect(visited).toEqual(['/d/mapa', '/d/mapa', '/d/mapa']);
    expect(isSelected('CANCELADO')).toBe(false);
  });

  it('keeps the selection when Escape closes the menu', () => {
    showPanel({ frames: linked(DETAIL, OTHER) });
    fireEvent.click(slice('ENTREGUE'));
    fireEvent.contextMenu(slice('CANCELADO'), { clientX: 20, clientY: 20 });
    fireEvent.keyDown(screen.getByRole('menu'), { key: 'Escape' });
    expect(menuItems()).toEqual([]);
    expect(isSelected('ENTREGUE')).toBe(true);
  });

  it('leaves a link inside a row to itself', () => {
    showPanel();
    const anchor = document.createElement('a');
    row('ENTREGUE').lastElementChild?.append(anchor);
    fireEvent.click(anchor);
    expect(isSelected('ENTREGUE')).toBe(false);
    anchor.remove();
  });

  it('follows a link marked "One click"; with Ctrl it selects', () => {
    showPanel({ frames: linked(DETAIL, { ...OTHER, oneClick: true }) });
    fireEvent.click(slice('ENTREGUE'));
    expect(visited).toEqual(['/d/mapa']);
    expect(isSelected('ENTREGUE')).toBe(false);
    fireEvent.click(slice('ENTREGUE'), { ctrlKey: true });
    expect(visited).toHaveLength(1);
    expect(isSelected('ENTREGUE')).toBe(true);
  });

  it('follows the only link where selecting is off', () => {
    showPanel({ frames: linked(DETAIL), options: NO_SELECTION });
    expect(slice('ENTREGUE')).toHaveAttribute('role', 'button');
    fireEvent.keyDown(slice('ENTREGUE'), { key: 'Enter' });
    fireEvent.click(within(row('ENTREGUE')).getByRole('button'));
    expect(visited).toEqual([DETAIL.url, DETAIL.url]);
  });

  it('opens the menu where selecting is off and there are several, and gives the focus back', () => {
    showPanel({ frames: linked(DETAIL, OTHER), options: NO_SELECTION });
    const button = within(row('ENTREGUE')).getByRole('button');
    expect(button).toHaveAttribute('aria-haspopup', 'menu');
    act(() => button.focus());
    fireEvent.click(button);
    expect(menuItems()).toEqual(['Detalhe', 'Mapa']);
    fireEvent.keyDown(screen.getByRole('menu'), { key: 'Escape' });
    expect(menuItems()).toEqual([]);
    expect(button).toHaveFocus();
  });

  it("leaves the browser's own context menu where there are no links", () => {
    showPanel();
    // fireEvent answers false for an event whose default was prevented.
    expect(fireEvent.contextMenu(slice('ENTREGUE'))).toBe(true);
    expect(menuItems()).toEqual([]);
  });

  it('runs what a data source made of a link instead of an address', () => {
    const onClick = jest.fn();
    showPanel({ frames: linked({ ...DETAIL, onClick, oneClick: true }) });
    fireEvent.click(slice('ENTREGUE'));
    expect(onClick).toHaveBeenCalledTimes(1);
    expect(visited).toEqual([]);
    expect(locationService.getLocation().search).toBe('');
  });
});
