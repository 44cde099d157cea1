import { compareText } from '@rastreio/contract';

/** What a report says, by field. */
export type Said = Readonly<Partial<Record<string, string>>>;

const TEXTS = ['transportadora', 'codigo', 'servico', 'local', 'codigo_evento', 'descricao'];

/**
 * The plain definition of what several reports of one event say together: of every text the first, the sooner and the later promise,
 * the places as several events of one instant would say them.
 */
export function joinedDetails(reports: readonly Said[]): Said {
  const joined: Record<string, string> = {};
  const set = (field: string, value: string | undefined) => {
    if (value !== undefined) joined[field] = value;
  };
  const valuesOf = (field: string) => reports.flatMap((report) => report[field] ?? []).sort(compareText);
  for (const field of TEXTS) set(field, valuesOf(field)[0]);
  const promises = valuesOf('prazo');
  set('prazo', promises[0]);
  if (promises.at(-1) !== promises[0]) set('prazo_final', promises.at(-1));
  const [from] = byPlaces(reports.filter(({ origem }) => origem !== undefined));
  const [to] = byPlaces(reports.filter(({ destino }) => destino !== undefined));
  set('origem', from?.origem);
  set('destino', to?.destino);
  if (from !== undefined && from.destino !== to?.destino) set('par_origem', from.destino ?? '');
  if (to !== undefined && to.origem !== from?.origem) set('par_destino', to.origem ?? '');
  return joined;
}

function byPlaces(reports: readonly Said[]): readonly Said[] {
  return reports.toSorted(
    (a, b) => compareText(a.origem ?? '', b.origem ?? '') || compareText(a.destino ?? '', b.destino ?? ''),
  );
}
