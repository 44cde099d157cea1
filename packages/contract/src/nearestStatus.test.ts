import fc from 'fast-check';
import { nearestStatus } from './nearestStatus';
import { STATUS_CATALOGUE } from './statusCatalogue';

test.each([
  ['EM TRANSITO', 'EM TRÂNSITO'],
  ['EM_TRÂNSITO', 'EM TRÂNSITO'],
  ['EMTRANSITO', 'EM TRÂNSITO'],
  ['ENTREGUE.', 'ENTREGUE'],
  ['ENTREGE', 'ENTREGUE'],
  ['DELIVERED', 'ENTREGUE'],
  ['IN TRANSIT', 'EM TRÂNSITO'],
  ['SAIU', null],
  ['OBJETO ROUBADO', null],
  ['🚚', null],
  ['', null],
])('%j means %j', (text, status) => {
  expect(nearestStatus(text)).toBe(status);
});

test('a known status with its accents, spaces or one long word’s letter changed is found again', () => {
  fc.assert(
    fc.property(
      fc.constantFrom(...STATUS_CATALOGUE.map(({ status }) => status)),
      fc.nat(),
      fc.constantFrom('', 'X', '_'),
      (status, at, put) => {
        const place = at % status.length;
        const text = status.slice(0, place) + put + status.slice(place + 1);
        expect(nearestStatus(text.normalize('NFD').replace(/\p{M}/gu, ''))).toBe(status);
      },
    ),
  );
});
