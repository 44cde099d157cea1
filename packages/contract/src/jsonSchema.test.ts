import Ajv2020 from 'ajv/dist/2020';
import addFormats from 'ajv-formats';
import { eventJsonSchema } from './jsonSchema';
import { STATUS_CATALOGUE } from './statusCatalogue';
import { cleanStatus } from './clean';

const ajv = addFormats(new Ajv2020({ strict: false }));
const accepts = ajv.compile(eventJsonSchema());
const EVENT = {
  id_pacote: 1333,
  origem: 'Natal',
  destino: 'Paraíba',
  status_rastreamento: 'ENTREGUE',
  data_atualizacao: '2025-10-13T17:40:00Z',
};

test('the generated JSON Schema accepts an event and names the field of a wrong one', () => {
  expect(accepts(EVENT)).toBe(true);
  expect(accepts({ ...EVENT, id_pacote: '1333', extra: 1 })).toBe(true);
  for (const field of Object.keys(EVENT)) {
    expect(accepts({ ...EVENT, [field]: undefined })).toBe(false);
    expect(JSON.stringify(accepts.errors)).toContain(field);
  }
  expect(accepts({ ...EVENT, data_atualizacao: '2025-10-13 17:40' })).toBe(false);
});

test('it takes an event that carrier and tracking number name, and names what is missing of one that nothing names', () => {
  const coded = {
    codigo: 'AA123456785BR',
    transportadora: 'Correios',
    status_rastreamento: 'ENTREGUE',
    data_atualizacao: EVENT.data_atualizacao,
  };
  expect(accepts(coded)).toBe(true);
  expect(
    accepts({ ...coded, local: 'Natal', prazo: '2026-11-30', correcao: 'mesmo', codigo_evento: 1 }),
  ).toBe(true);
  expect(accepts({ ...coded, transportadora: undefined, id_pacote: 1 })).toBe(true);
  expect(accepts({ ...coded, prazo: '2026-11-30', prazo_em: EVENT.data_atualizacao })).toBe(true);
  for (const wrong of [
    { codigo: undefined },
    { transportadora: undefined },
    { correcao: 'outro' },
    { local: 5 },
    { prazo_em: EVENT.data_atualizacao },
  ])
    expect([wrong, accepts({ ...coded, ...wrong })]).toEqual([wrong, false]);
});

test('the catalogue has unique statuses, ranks, colors and patterns, in the order of the ranks, and the original’s six are in it', () => {
  for (const key of ['status', 'rank', 'color', 'pattern', 'english'] as const) {
    expect(new Set(STATUS_CATALOGUE.map((s) => s[key])).size).toBe(STATUS_CATALOGUE.length);
  }
  expect(STATUS_CATALOGUE).toEqual([...STATUS_CATALOGUE].sort((a, b) => a.rank - b.rank));
  for (const { status, color } of STATUS_CATALOGUE) {
    expect(cleanStatus(status)).toBe(status);
    expect(color).toMatch(/^#[0-9A-F]{6}$/);
  }
  const seed = [
    'ENTREGUE',
    'EM ROTA DE ENTREGA',
    'EXTRAVIADO',
    'CANCELADO',
    'AGUARDANDO RETIRADA',
    'EM TRÂNSITO',
  ];
  expect(STATUS_CATALOGUE.map((s) => s.status)).toEqual(expect.arrayContaining(seed));
});
