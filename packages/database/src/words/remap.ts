import type { Words } from './words';

/** What tells a stored event from others. */
export interface StoredKey {
  readonly id_pacote: string;
  /** UTC with six decimals. */
  readonly data_evento: string;
  readonly status_rastreamento: string;
}

/** What a report says beside its event's key, as `eventos_rastreamento.detalhes` has it. */
type Said = Readonly<Record<string, string>>;

/** An event, or a correction of one, as it is stored. */
export interface Stored extends StoredKey {
  readonly recebido_em: string;
  /** With its places; `relatos` where it is made of several reports, each with its own `recebido_em`. */
  readonly detalhes: Readonly<Record<string, unknown>>;
}

/** One report of a stored event. */
export interface Report extends StoredKey {
  readonly recebido_em: string;
  readonly detalhes: Said;
}

export interface Exchanged<Out extends StoredKey> {
  readonly out: readonly Out[];
  /** Sorted, so that of several reports of one event the first that came gives the time of receipt. */
  readonly put: readonly Report[];
}

/**
 * What has to go out and come in so that every one of these is stored with the status that its words mean. Both are empty where all are.
 *
 * @param stored all that is stored of some parcels: where one becomes what another one is, both are exchanged
 */
export function remap<S extends Stored>(stored: readonly S[], { meaningOf }: Words): Exchanged<S> {
  const meant = stored.map((one) => reportsOf(one).map((report) => asMeant(report, meaningOf)));
  const isRight = (one: S, i: number) =>
    meant[i]?.every(({ status_rastreamento }) => status_rastreamento === one.status_rastreamento) === true;
  const reached = new Set(stored.flatMap((one, i) => (isRight(one, i) ? [] : (meant[i] ?? []).map(keyOf))));
  const goes = stored.map((one, i) => !isRight(one, i) || reached.has(keyOf(one)));
  return {
    out: stored.filter((_, i) => goes[i]),
    put: meant
      .filter((_, i) => goes[i])
      .flat()
      .sort(byReceipt),
  };
}

/** Whether all reports of an event mean the status that it is stored with. */
export function isAsMeant(stored: Stored, { meaningOf }: Words): boolean {
  return reportsOf(stored).every(
    (report) => asMeant(report, meaningOf).status_rastreamento === stored.status_rastreamento,
  );
}

/** The reports that a stored event is made of, each with its own word where that is another one than the event's status. */
function reportsOf({ id_pacote, data_evento, status_rastreamento, recebido_em, detalhes }: Stored): Report[] {
  const key = { id_pacote, data_evento, status_rastreamento };
  const { relatos } = detalhes as { readonly relatos?: readonly (Said & { readonly recebido_em: string })[] };
  if (relatos === undefined) return [{ ...key, recebido_em, detalhes: detalhes as Said }];
  return relatos.map(({ recebido_em: received, ...said }) => ({
    ...key,
    recebido_em: received,
    detalhes: said,
  }));
}

function asMeant(report: Report, meaningOf: Words['meaningOf']): Report {
  const { palavra, ...said } = report.detalhes;
  const word = palavra ?? report.status_rastreamento;
  const { transportadora, codigo_evento } = said;
  const status = meaningOf({ transportadora, codigo_evento, word });
  return {
    ...report,
    status_rastreamento: status,
    detalhes: status === word ? said : { ...said, palavra: word },
  };
}

function keyOf({ id_pacote, data_evento, status_rastreamento }: StoredKey): string {
  return `${id_pacote} ${data_evento} ${status_rastreamento}`;
}

function byReceipt(a: Report, b: Report): number {
  return a.recebido_em < b.recebido_em ? -1 : a.recebido_em > b.recebido_em ? 1 : 0;
}
