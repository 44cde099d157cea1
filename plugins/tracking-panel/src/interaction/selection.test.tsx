import { locationService } from '@grafana/runtime';
import { act, fireEvent, screen, within } from '@testing-library/react';
import { TEST_IDS } from '../constants';
import { OTHERS_ID } from '../statuses/others';
import { fillRegistries } from '../test/editors';
import { optionsWith, ORIGINAL, statusFrame } from '../test/frames';
import { type GivenPanel, showPanel } from '../test/panel';
import { provideServices } from '../test/services';
import { ALL, type VariableModel } from './variable';

beforeAll(fillRegistries);
beforeEach(() => provideServices());

const STATUS: VariableModel = { name: 'status', type: 'query', multi: true, includeAll: true };
const WITH_VARIABLE = { options: optionsWith({ selection: { variable: 'status' } }) };

/** As it stands there: a status may be empty. */
const byId = (id: string) => screen.getByTestId(id, { normalizer: (text) => text });
const slice = (status: string) => byId(TEST_IDS.slice(status));
const legend = (status: string) => byId(TEST_IDS.legendItem(status));
const row = (status: string) => byId(TEST_IDS.tableRow(status));
/** Found by its tag: asking by role computes the styles of all there is, hundreds of times in this file. */
function buttonIn(element: HTMLElement): HTMLButtonElement {
  const [button, ...others] = element.querySelectorAll('button');
  if (!button || others.length > 0) {
    throw new Error(`Expected one button, found ${others.length + (button ? 1 : 0)}`);
  }
  return button;
}

/** The selected statuses, which must be the same in every part. */
function selected(): string[] {
  const statuses = ORIGINAL.map(([status]) => status);
  const inPie = statuses.filter((status) => slice(status).getAttribute('aria-selected') === 'true');
  for (const part of [legend, row]) {
    expect(
      statuses.filter((status) => buttonIn(part(status)).getAttribute('aria-pressed') === 'true')
    ).toEqual(inPie);
  }
  return inPie;
}

const inAddress = () => locationService.getSearch().getAll('var-status');

describe('selection', () => {
  it('is one for slices, legend and rows, each by click', () => {
    showPanel();
    expect(selected()).toEqual([]);
    fireEvent.click(slice('ENTREGUE'));
    expect(selected()).toEqual(['ENTREGUE']);
    fireEvent.click(legend('EXTRAVIADO'), { ctrlKey: true });
    expect(selected()).toEqual(['ENTREGUE', 'EXTRAVIADO']);
    fireEvent.click(row('ENTREGUE'), { metaKey: true });
    expect(selected()).toEqual(['EXTRAVIADO']);
    fireEvent.click(buttonIn(row('EXTRAVIADO')));
    expect(selected()).toEqual([]);
  });

  it.each(['Enter', ' '])('takes the key "%s" on a slice, with the keys held', (key) => {
    showPanel();
    fireEvent.keyDown(slice('ENTREGUE'), { key });
    fireEvent.keyDown(slice('CANCELADO'), { key, shiftKey: true });
    expect(selected()).toEqual(['ENTREGUE', 'EM ROTA DE ENTREGA', 'EXTRAVIADO', 'CANCELADO']);
    fireEvent.keyDown(slice('CANCELADO'), { key: 'x' });
    expect(selected()).toHaveLength(4);
  });

  it('selects a range in the order that the table shows', () => {
    showPanel();
    fireEvent.click(screen.getByRole('button', { name: /status_/ }));
    fireEvent.click(row('AGUARDANDO RETIRADA'));
    fireEvent.click(row('EM ROTA DE ENTREGA'), { shiftKey: true });
    expect(selected()).toEqual(['EM ROTA DE ENTREGA', 'CANCELADO', 'AGUARDANDO RETIRADA']);
  });

  it('takes the gathered statuses for what they are', () => {
    provideServices([STATUS]);
    const options = optionsWith({ selection: { variable: 'status' }, others: { top: 3 } });
    showPanel({ options });
    fireEvent.click(slice(OTHERS_ID));
    expect(inAddress()).toEqual(['CANCELADO', 'AGUARDANDO RETIRADA', 'EM TRÂNSITO']);
    expect(slice(OTHERS_ID)).toHaveAttribute('aria-selected', 'true');
    expect(buttonIn(row('CANCELADO'))).toHaveAttribute('aria-pressed', 'true');
    fireEvent.click(legend(OTHERS_ID), { ctrlKey: true });
    expect(slice(OTHERS_ID)).toHaveAttribute('aria-selected', 'false');
  });

  it('leaves gathered statuses alone where the variable holds one value', () => {
    provideServices([{ ...STATUS, multi: false }]);
    showPanel({ options: optionsWith({ selection: { variable: 'status' }, others: { top: 3 } }) });
    fireEvent.click(slice(OTHERS_ID));
    expect(inAddress()).toEqual([]);
  });

  it('goes with Escape, which then goes no further', () => {
    showPanel();
    const outside = jest.fn();
    document.addEventListener('keydown', outside);
    fireEvent.click(slice('ENTREGUE'));
    fireEvent.keyDown(buttonIn(row('CANCELADO')), { key: 'Escape' });
    expect(selected()).toEqual([]);
    expect(outside).not.toHaveBeenCalled();
    fireEvent.keyDown(buttonIn(row('CANCELADO')), { key: 'Escape' });
    expect(outside).toHaveBeenCalledTimes(1);
    document.removeEventListener('keydown', outside);
  });

  it('survives a refresh, and dims nothing while none of it is in sight', () => {
    const { update } = showPanel();
    const plain = row('EXTRAVIADO').className;
    fireEvent.click(slice('ENTREGUE'));
    update({ frames: [statusFrame([...ORIGINAL].reverse())] });
    expect(selected()).toEqual(['ENTREGUE']);
    update({ frames: [statusFrame(ORIGINAL.slice(1))] });
    expect(row('EXTRAVIADO').className).toBe(plain);
    expect(slice('EXTRAVIADO')).toHaveAttribute('aria-selected', 'false');
  });

  it('can be switched off: nothing is pressable then', () => {
    showPanel({ options: optionsWith({ selection: { enabled: false, variable: 'status' } }) });
    fireEvent.click(slice('ENTREGUE'));
    fireEvent.click(row('ENTREGUE'));
    expect(slice('ENTREGUE')).not.toHaveAttribute('aria-selected');
    expect(within(row('ENTREGUE')).queryByRole('button')).not.toBeInTheDocument();
    expect(within(legend('ENTREGUE')).queryByRole('button')).not.toBeInTheDocument();
    expect(locationService.getLocation().search).toBe('');
  });

  it('is not changed by a drag, which selects text', () => {
    showPanel();
    const drag = (element: HTMLElement, x: number, y: number) => {
      fireEvent.mouseDown(element, { clientX: 10, clientY: 10 });
      fireEvent.mouseUp(element, { clientX: x, clientY: y });
      fireEvent.click(element, { clientX: x, clientY: y, detail: 1 });
    };
    for (const element of [
      buttonIn(row('ENTREGUE')),
      row('ENTREGUE'),
      legend('ENTREGUE'),
      slice('ENTREGUE'),
    ]) {
      drag(element, 40, 10);
      drag(element, 10, 2);
      expect(selected()).toEqual([]);
      // A hand is not quite still, and the keyboard is nowhere.
      drag(element, 12, 11);
      expect(selected()).toEqual(['ENTREGUE']);
      fireEvent.mouseDown(element, { clientX: 10, clientY: 10 });
      fireEvent.click(element);
      expect(selected()).toEqual([]);
    }
  });

  it('names legend entries in words and makes legend and table one tab stop each', () => {
    showPanel();
    expect(buttonIn(legend('ENTREGUE'))).toHaveAccessibleName('ENTREGUE, 15 packages, 51.7 %');
    for (const part of [legend, row]) {
      const stops = () =>
        ORIGINAL.filter(([status]) => buttonIn(part(status)).tabIndex === 0).map(([status]) => status);
      expect(stops()).toEqual(['ENTREGUE']);
      act(() => buttonIn(part('ENTREGUE')).focus());
      for (const [key, status] of [
        ['ArrowDown', 'EM ROTA DE ENTREGA'],
        ['End', 'EM TRÂNSITO'],
        ['ArrowDown', 'ENTREGUE'],
        ['ArrowUp', 'EM TRÂNSITO'],
        ['Home', 'ENTREGUE'],
      ] as const) {
        fireEvent.keyDown(document.activeElement ?? document.body, { key });
        expect(buttonIn(part(status))).toHaveFocus();
        expect(stops()).toEqual([status]);
      }
    }
  });
});

describe('selection in a dashboard variable', () => {
  const show = (models: VariableModel[] = [STATUS], given: GivenPanel = {}) => {
    provideServices(models);
    return showPanel({ ...WITH_VARIABLE, ...given });
  };

  it('is written to it, several values at once, and "All" when cleared', () => {
    show();
    fireEvent.click(slice('ENTREGUE'));
    expect(inAddress()).toEqual(['ENTREGUE']);
    fireEvent.click(slice('EM TRÂNSITO'), { ctrlKey: true });
    expect(inAddress()).toEqual(['ENTREGUE', 'EM TRÂNSITO']);
    expect(selected()).toEqual(['ENTREGUE', 'EM TRÂNSITO']);
    fireEvent.keyDown(slice('ENTREGUE'), { key: 'Escape' });
    expect(inAddress()).toEqual([ALL]);
    expect(selected()).toEqual([]);
  });

  it('replaces the address, so that Back leaves the dashboard', () => {
    show();
    const length = window.history.length;
    fireEvent.click(slice('ENTREGUE'));
    expect(window.history.length).toBe(length);
  });

  it('leaves the rest of the address alone', () => {
    provideServices([STATUS]);
    locationService.replace('/d/gallery?from=now-6h&var-cidade=Recife');
    showPanel(WITH_VARIABLE);
    fireEvent.click(slice('ENTREGUE'));
    expect(locationService.getLocation().search).toBe('?from=now-6h&var-cidade=Recife&var-status=ENTREGUE');
  });

  it('follows it when it is changed elsewhere, and writes nothing of its own', () => {
    show();
    const write = jest.spyOn(locationService, 'partial');
    act(() => locationService.replace('/d/gallery?var-status=CANCELADO&var-status=EXTRAVIADO'));
    expect(selected()).toEqual(['EXTRAVIADO', 'CANCELADO']);
    act(() => locationService.replace(`/d/gallery?var-status=${ALL}`));
    expect(selected()).toEqual([]);
    expect(write).not.toHaveBeenCalled();
    write.mockRestore();
  });

  it('is that of the variable from the start, where the address says nothing', () => {
    show([{ ...STATUS, current: { value: ['CANCELADO'] } }], { replaceVariables: () => '["CANCELADO"]' });
    expect(selected()).toEqual(['CANCELADO']);
  });

  it('is none while the variable is at "All"', () => {
    show([{ ...STATUS, current: { value: [ALL] } }], {
      replaceVariables: () => JSON.stringify(ORIGINAL.map(([status]) => status)),
    });
    expect(selected()).toEqual([]);
  });

  it.each([
    ['single-value', { ...STATUS, multi: false }, [ALL]],
    ['text', { name: 'status', type: 'textbox' }, ['']],
  ])('holds one status in a %s variable', (_, model, none) => {
    show([model]);
    fireEvent.click(slice('ENTREGUE'));
    fireEvent.click(slice('CANCELADO'), { ctrlKey: true });
    expect(inAddress()).toEqual(['CANCELADO']);
    expect(selected()).toEqual(['CANCELADO']);
    fireEvent.click(row('CANCELADO'));
    expect(inAddress()).toEqual(none);
  });

  it('draws in a snapshot, where Grafana refuses to list the variables', () => {
    provideServices(new Error('Unsupported variable type'));
    showPanel(WITH_VARIABLE);
    expect(selected()).toEqual([]);
  });

  it('hides no other refusal', () => {
    jest.spyOn(console, 'error').mockImplementation(() => undefined);
    provideServices(new Error('out of order'));
    expect(() => showPanel(WITH_VARIABLE)).toThrow('out of order');
  });
});
