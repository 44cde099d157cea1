import { FieldType, MappingType, toDataFrame } from '@grafana/data';
import { locationService } from '@grafana/runtime';
import { act, fireEvent, screen } from '@testing-library/react';
import { TEST_IDS } from '../constants';
import { fillRegistries } from '../test/editors';
import { optionsWith, ORIGINAL, statusFrame } from '../test/frames';
import { type GivenPanel, showPanel } from '../test/panel';
import { provideServices } from '../test/services';
import { ALL, type VariableModel } from './variable';

beforeAll(fillRegistries);

const STATUS: VariableModel = { name: 'status', type: 'query', multi: true, includeAll: true };
const WITH_VARIABLE = { options: optionsWith({ selection: { variable: 'status' } }) };

/** As it stands there: a status may be empty. */
const byId = (id: string) => screen.getByTestId(id, { normalizer: (text) => text });
const slice = (status: string) => byId(TEST_IDS.slice(status));
const row = (status: string) => byId(TEST_IDS.tableRow(status));
const inAddress = () => locationService.getSearch().getAll('var-status');

describe('the value of a dashboard variable', () => {
  const show = (models: VariableModel[], given: GivenPanel) => {
    provideServices(models);
    return showPanel({ ...WITH_VARIABLE, ...given });
  };

  it.each<[string, VariableModel, string[]]>([
    ['with "All"', STATUS, [ALL]],
    ['without "All"', { ...STATUS, includeAll: false }, ['']],
    ['of text', { name: 'status', type: 'textbox' }, ['']],
  ])('takes and loses rows without a status like any other, in a variable %s', (_, model, none) => {
    show([model], { frames: [statusFrame([[null, 5], ...ORIGINAL])] });
    const pressed = () => row('').querySelector('button')?.getAttribute('aria-pressed');
    expect(pressed()).toBe('false');
    fireEvent.click(row(''));
    expect(inAddress()).toEqual(['']);
    expect(pressed()).toBe('true');
    expect(slice('ENTREGUE').className).not.toBe(slice('').className);
    fireEvent.click(row(''));
    expect(inAddress()).toEqual(none);
    expect(pressed()).toBe('false');
    fireEvent.click(row(''));
    fireEvent.keyDown(slice('ENTREGUE'), { key: 'Escape' });
    expect(pressed()).toBe('false');
  });

  it('takes rows without a status among others, and finds them in an address', () => {
    show([STATUS], { frames: [statusFrame([[null, 5], ...ORIGINAL])] });
    fireEvent.click(slice('ENTREGUE'));
    fireEvent.click(slice(''), { ctrlKey: true });
    expect(inAddress()).toEqual(['ENTREGUE', '']);
    act(() => locationService.replace('/d/gallery?var-status='));
    expect(row('').querySelector('button')).toHaveAttribute('aria-pressed', 'true');
    expect(slice('ENTREGUE')).toHaveAttribute('aria-selected', 'false');
  });

  it('gets every status of one name, and the text of a status that is no text', () => {
    const mapping = (options: Record<string, { text: string }>) => ({
      mappings: [{ type: MappingType.ValueToText as const, options }],
    });
    const { update } = show([STATUS], {
      frames: [
        statusFrame(ORIGINAL, {
          statusConfig: mapping({ ENTREGUE: { text: 'Fim' }, CANCELADO: { text: 'Fim' } }),
        }),
      ],
    });
    fireEvent.click(slice('ENTREGUE'));
    expect(inAddress()).toEqual(['ENTREGUE', 'CANCELADO']);
    expect(slice('ENTREGUE')).toHaveAttribute('aria-selected', 'true');
    fireEvent.click(slice('ENTREGUE'));
    expect(inAddress()).toEqual([ALL]);
    const codes = toDataFrame({
      fields: [
        {
          name: 'status',
          type: FieldType.number,
          values: [1, 2],
          config: mapping({ 1: { text: 'Entregue' } }),
        },
        { name: 'total', type: FieldType.number, values: [3, 4] },
      ],
    });
    update({ ...WITH_VARIABLE, frames: [codes] });
    fireEvent.click(slice('Entregue'));
    fireEvent.click(slice('2'), { ctrlKey: true });
    expect(inAddress()).toEqual(['Entregue', '2']);
  });
});
