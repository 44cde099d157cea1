import { type DataLink, type FieldConfigSource, type InterpolateFunction } from '@grafana/data';
import { act, fireEvent, screen } from '@testing-library/react';
import { fillRegistries } from '../test/editors';
import { kpiFrame, optionsWith } from '../test/frames';
import { showPanel } from '../test/panel';
import { provideServices } from '../test/services';

beforeAll(fillRegistries);
beforeEach(() => provideServices());

const LIST: DataLink = { title: 'Lista', url: '/d/prazos?lista=${__field.name}' };
const MAP: DataLink = { title: 'Mapa', url: '/d/mapa', targetBlank: true };

const linked = (...links: DataLink[]): FieldConfigSource => ({
  defaults: {},
  overrides: [
    { matcher: { id: 'byName', options: 'esquecidos' }, properties: [{ id: 'links', value: links }] },
  ],
});
const show = (...links: DataLink[]) =>
  showPanel({
    frames: [kpiFrame({ esquecidos: 5, esquecidos_critico: 5, outro: 1 })],
    fieldConfig: linked(...links),
    options: optionsWith({ show: { pie: false, table: false } }),
  });
const NAME = 'esquecidos 5 Critical (critical at 5 or more)';

describe('a card with a link', () => {
  it('is one as a whole, named by what stands in it; others are none', () => {
    show(MAP);
    const anchor = screen.getByRole('link', { name: NAME });
    expect(anchor).toHaveAttribute('href', '/d/mapa');
    expect(anchor).toHaveAttribute('target', '_blank');
    expect(anchor).toHaveAttribute('rel', 'noreferrer');
    expect(anchor).toHaveAttribute('aria-description', 'Mapa');
    expect(screen.getAllByRole('link')).toHaveLength(1);
    expect(screen.queryByRole('button')).not.toBeInTheDocument();
  });

  it('runs what a data source made of it instead of an address', () => {
    const onClick = jest.fn();
    show({ ...MAP, onClick });
    fireEvent.click(screen.getByRole('link', { name: NAME }));
    expect(onClick).toHaveBeenCalledTimes(1);
  });

  it('is the button of a menu where there are several, by pointer and keyboard, and has the focus back', () => {
    show(LIST, MAP);
    const button = screen.getByRole('button', { name: NAME });
    expect(button).toHaveAttribute('aria-haspopup', 'menu');
    for (const open of [
      () => fireEvent.click(button, { clientX: 20, clientY: 20 }),
      () => fireEvent.keyDown(button, { key: 'Enter' }),
      () => fireEvent.keyDown(button, { key: ' ' }),
    ]) {
      act(() => button.focus());
      open();
      const items = screen.getAllByRole('menuitem');
      expect(items.map(({ textContent }) => textContent)).toEqual(['Lista', 'Mapa']);
      expect(items[1]).toHaveAttribute('href', '/d/mapa');
      fireEvent.keyDown(screen.getByRole('menu'), { key: 'Escape' });
      expect(screen.queryByRole('menu')).not.toBeInTheDocument();
      expect(button).toHaveFocus();
    }
  });

  it('has variables filled in, those of its field included', () => {
    const seen: Array<Parameters<InterpolateFunction>> = [];
    const frames = [kpiFrame({ esquecidos: 5 }), kpiFrame({ atrasos: 2 }, {}, 'C')];
    frames[0]!.fields[0]!.config.links = [LIST];
    showPanel({
      frames,
      options: optionsWith({ show: { pie: false, table: false } }),
      replaceVariables: (...given) => {
        seen.push(given);
        return given[0].replace('${__field.name}', String(given[1]?.__dataContext?.value.field.name));
      },
    });
    expect(screen.getByRole('link')).toHaveAttribute('href', '/d/prazos?lista=esquecidos');
    expect(seen[0]?.[1]?.__dataContext?.value.rowIndex).toBe(0);
  });
});
