import fc from 'fast-check';
import { CopyRows } from './copyBinary';
import { detailsText, sayDetails, saysNoMore } from './eventDetails';

const text = fc.option(
  fc.oneof(fc.string(), fc.string({ unit: 'binary' }), fc.constantFrom('"', '\\', '\n', '🚚', ' ', '\ud800')),
  {
    nil: undefined,
  },
);

/** Of one row that has a jsonb column alone, the value's text. */
function writtenOf(event: Parameters<typeof sayDetails>[0]): string {
  const rows = new CopyRows(1, 0);
  rows.row();
  rows.jsonObject();
  sayDetails(event, rows);
  rows.endObject();
  const bytes = rows.end();
  const at = bytes.length - 2;
  const from = 'PGCOPY\n\xff\r\n\0'.length + 8 + 2;
  const length = bytes.readInt32BE(from);
  expect([bytes[from + 4], from + 4 + length]).toEqual([1, at]);
  return bytes.toString('utf8', from + 5, at);
}

test('details are the JSON of what the event says, for any text', () => {
  fc.assert(
    fc.property(
      fc.record({
        ...{ origem: text, destino: text, transportadora: text, servico: text },
        ...{ local: text, codigo_evento: text, descricao: text, prazo: text, codigo: text, palavra: text },
      }),
      (said) => {
        const event = {
          id_pacote: 1,
          status_rastreamento: 'POSTADO',
          data_atualizacao: '',
          recebido_em: 0,
          ...said,
        } as never;
        const { codigo: _, ...others } = said;
        const expected = said.transportadora === undefined ? said : others;
        const isPlain = Object.entries(said).every(([field, value]) =>
          /^(origem|destino)$/.test(field) ? value !== undefined : value === undefined,
        );
        expect(saysNoMore(event)).toBe(isPlain);
        for (const json of [detailsText(event), writtenOf(event)])
          expect(JSON.parse(json)).toEqual(JSON.parse(JSON.stringify(expected)));
      },
    ),
  );
});
