const frame = (fields: Array<{ name: string; type: 'string' | 'number'; values: unknown[] }>) => ({
  schema: {
    refId: 'A',
    fields: fields.map(({ name, type }) => ({
      name,
      type,
      typeInfo: { frame: type === 'string' ? 'string' : 'float64' },
    })),
  },
  data: { values: fields.map(({ values }) => values) },
});

/** Both frames answer one query: Grafana drops answers to queries that the panel does not have. */
export const ORIGINAL = {
  results: {
    A: {
      status: 200,
      frames: [
        frame([
          {
            name: 'status_rastreamento',
            type: 'string',
            values: [
              'ENTREGUE',
              'EM ROTA DE ENTREGA',
              'EXTRAVIADO',
              'CANCELADO',
              'AGUARDANDO RETIRADA',
              'EM TRÂNSITO',
            ],
          },
          { name: 'total_pacotes', type: 'number', values: [15, 5, 5, 2, 1, 1] },
        ]),
        frame([{ name: 'tempo_medio_segundos', type: 'number', values: [204_120] }]),
      ],
    },
  },
};
