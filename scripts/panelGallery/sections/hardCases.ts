import { byName, only, type DemoSection } from '../demo';
import { figures, manyStatuses, ORIGINAL, ORIGINAL_MEAN, statuses, values } from '../sql';

const LONG = 'AGUARDANDO LIBERAÇÃO DA ALFÂNDEGA NO CENTRO INTERNACIONAL DE CURITIBA APÓS PAGAMENTO DA TAXA';

export const HARD_CASES: DemoSection = {
  id: 6,
  title: 'Hard cases',
  demos: [
    {
      title: 'All parts',
      description: 'Pie, cards and table together, as the dashboards have them.',
      queries: [statuses(ORIGINAL), ORIGINAL_MEAN],
      height: 14,
    },
    {
      title: 'Long status names',
      description: 'Names are shortened or wrapped, numbers stay whole, nothing overlaps.',
      queries: [
        statuses([
          [LONG, 120],
          [`${LONG} (SEGUNDA VIA)`, 80],
          ['SEMESPAÇOSEMNENHUMLUGARONDEALINHAPOSSAQUEBRARDEFORMALEGÍVEL', 40],
          ['ENTREGUE', 9],
        ]),
      ],
      height: 14,
    },
    {
      title: 'One status',
      description: 'A full circle with its label in the middle; the total is its count.',
      queries: [statuses([['ENTREGUE', 15]])],
      height: 14,
    },
    {
      title: 'Forty statuses',
      description: 'Legend and table scroll; every status keeps its own color.',
      queries: [manyStatuses(40)],
      height: 14,
    },
    {
      title: 'Tiny slices',
      description:
        'One status has nearly everything; five that have a package or two are gathered, and in the table.',
      queries: [
        statuses([
          ['ENTREGUE', 100_000],
          ['EXTRAVIADO', 2],
          ['CANCELADO', 1],
          ['DEVOLVIDO', 1],
          ['POSTADO', 1],
          ['EM TRÂNSITO', 1],
        ]),
      ],
      height: 14,
    },
    {
      title: 'Zero and negative counts',
      description: 'Listed in legend and table, without a slice.',
      queries: [
        statuses([
          ['ENTREGUE', 12],
          ['EM TRÂNSITO', 4],
          ['CANCELADO', 0],
          ['EXTRAVIADO', -3],
        ]),
      ],
      height: 14,
    },
    {
      title: 'Nulls',
      description: 'A missing status is "(no status)", a missing count 0, a missing mean "sem dados".',
      queries: [
        statuses([
          ['ENTREGUE', 12],
          [null, 5],
          ['EM TRÂNSITO', null],
        ]),
        'SELECT NULL::float8 AS tempo_medio_segundos',
      ],
      height: 14,
    },
    {
      title: 'Huge numbers',
      description: 'Fifteen digits and more stay whole in legend and table and fit the cards.',
      queries: [
        statuses([
          ['ENTREGUE', 912_345_678_901_234],
          ['EM TRÂNSITO', 123_456_789_012],
          ['POSTADO', 7],
        ]),
        figures({ tempo_medio_segundos: 31_536_000_000, volume: 1.5e21 }),
      ],
      height: 14,
    },
    {
      title: 'Statuses as columns',
      description: 'One row with a number a status, found without options.',
      queries: [values(['ENTREGUE', 'EM TRÂNSITO', 'POSTADO'], [[15, 5, 2]])],
      height: 14,
    },
    {
      title: 'Statuses as columns, told by option',
      description: 'Names that are in no catalogue: the option says that they are statuses.',
      queries: [values(['Fila', 'Doca', 'Rua'], [[8, 3, 21]])],
      options: only('pie', { data: { format: 'wide' } }),
    },
    {
      title: 'Fields chosen by option',
      description: 'Of two text fields and two numbers, "etapa" and "volumes" are drawn.',
      queries: [
        values(
          ['cidade', 'etapa', 'rotas', 'volumes'],
          [
            ['Recife', 'Coleta', 1, 30],
            ['Natal', 'Triagem', 2, 20],
            ['Olinda', 'Rota', 3, 10],
          ],
        ),
      ],
      options: only('pie', { data: { statusField: 'etapa', valueField: 'volumes' } }),
    },
    {
      title: 'Cards alone',
      description: 'Without a status frame there is no pie and no table, and no error.',
      queries: [figures({ tempo_medio_segundos: 204_120, total_pacotes: 29 })],
    },
    {
      title: 'Numbers: Portuguese for all',
      description: 'Counts, percents, cards and changes with a comma, whatever viewer and browser have.',
      queries: [
        statuses([
          ['ENTREGUE', 77_725],
          ['EXTRAVIADO', 4_120],
        ]),
        figures({ entregas: 72_779.5, no_prazo: 0.729, no_prazo_anterior: 0.7 }),
      ],
      options: { numbers: { locale: 'pt-BR', counts: 'full' } },
      overrides: [byName('no_prazo', { unit: 'percentunit', displayName: 'No prazo' })],
      height: 14,
    },
    {
      title: 'Numbers: all digits',
      description: 'Units none, short and locale alike.',
      queries: [figures({ nenhuma: 72_779, curta: 72_779, local: 72_779 })],
      options: only('cards', { numbers: { locale: 'en-US', counts: 'full' } }),
      overrides: [byName('curta', { unit: 'short' }), byName('local', { unit: 'locale' })],
    },
    {
      title: 'Small statuses, all kept',
      description: 'The tiny slices again, each by itself: true proportions, found by legend and keyboard.',
      queries: [
        statuses([
          ['ENTREGUE', 1_000],
          ['EXTRAVIADO', 4],
          ['CANCELADO', 2],
          ['DEVOLVIDO', 1],
        ]),
      ],
      options: only('pie', { others: { minShare: 0 } }),
    },
  ],
};
