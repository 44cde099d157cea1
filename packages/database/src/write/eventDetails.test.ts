import fc from 'fast-check';
import { detailsOf } from './eventDetails';

const text = fc.option(
  fc.oneof(fc.string(), fc.string({ unit: 'binary' }), fc.constantFrom('"', '\\', '\n', '🚚', ' ')),
  {
    nil: undefined,
  },
);

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
        };
        const { codigo: _, ...others } = said;
        const expected = said.transportadora === undefined ? said : others;
        const details = detailsOf(event as never);
        const isPlain = Object.entries(said).every(([field, value]) =>
          /^(origem|destino)$/.test(field) ? value !== undefined : value === undefined,
        );
        expect(details === null).toBe(isPlain);
        if (details !== null) expect(JSON.parse(details)).toEqual(JSON.parse(JSON.stringify(expected)));
      },
    ),
  );
});
