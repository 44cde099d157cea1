import '../test/realStyles';
import { fireEvent, screen } from '@testing-library/react';
import { TEST_IDS } from '../constants';
import { fillRegistries } from '../test/editors';
import { showPanel } from '../test/panel';
import { provideServices } from '../test/services';

beforeAll(fillRegistries);
beforeEach(() => provideServices());

const slice = (status: string) => screen.getByTestId(TEST_IDS.slice(status));
const row = (status: string) => screen.getByTestId(TEST_IDS.tableRow(status));

it('marks the selected and the others, without color alone', () => {
  showPanel();
  const styleOf = (element: Element | null, property: string) =>
    element ? getComputedStyle(element).getPropertyValue(property) : undefined;
  const bar = (status: string) => styleOf(row(status).firstElementChild, 'box-shadow');
  const outline = (status: string) => styleOf(slice(status).querySelector('path'), 'stroke-width');
  const faint = (status: string) => styleOf(slice(status).querySelector('path'), 'fill-opacity');
  expect([bar('ENTREGUE'), faint('ENTREGUE'), faint('CANCELADO')]).toEqual(['', '', '']);
  fireEvent.click(slice('ENTREGUE'));
  expect(bar('ENTREGUE')).toContain('inset');
  expect(bar('CANCELADO')).toBe('');
  expect(outline('ENTREGUE')).not.toBe(outline('CANCELADO'));
  expect(faint('ENTREGUE')).toBe('');
  expect(Number(faint('CANCELADO'))).toBeLessThan(0.5);
});
