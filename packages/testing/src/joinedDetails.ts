import { compareText } from '@rastreio/contract';

/** What a report says, by field. */
export type Said = Readonly<Partial<Record<string, string>>>;

const TEXTS = ['transportadora', 'codigo', 'servico', 'local', 'codigo_evento', 'descricao'];

/**
 * The plain definition of what several reports of one event say together: of every text the first, the promises that were said first and
 * last (at one moment the sooner and the later one), the places as several events of one instant would say them.
 *
 * @param at the event's instant
 */
export function joinedDetails(reports: readonly Said[], at: string): Said {
  const joined: Record<string, string> = {};
  const set = (field: string, value: string | undefined) => {
    if (value !== undefined) joined[field] = value;
  };
  const valuesOf = (field: string) => reports.flatMap((report) => report[field] ?? []).sort(compareText);
  for (const field of TEXTS) set(field, valuesOf(field)[0]);
  const promises = reports
    .flatMap(({ prazo, prazo_em = at }) => (prazo === undefined ? [] : [{ prazo, prazo_em }]))
    .sort((a, b) => compareText(a.prazo_em, b.prazo_em) || compareText(a.prazo, b.prazo));
  const [first, last] = [promises[0], promises.at(-1)];
  set('prazo', first?.prazo);
  if (first?.prazo_em !== at) set('prazo_em', first?.prazo_em);
  if (last?.prazo !== first?.prazo || last?.prazo_em !== first?.prazo_em) {
    set('prazo_final', last?.prazo);
    if (last?.prazo_em !== at) set('prazo_final_em', last?.prazo_em);
  }
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
