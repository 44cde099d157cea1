import Table from 'cli-table3';

/** What became of one event of a payload. */
export interface Tried {
  readonly where: string;
  /** As it would be published; as the profile gives it where the contract refuses it. */
  readonly event: Readonly<Record<string, unknown>>;
  readonly ok: boolean;
}

export interface TriedProblem {
  readonly where: string;
  readonly field: string | null;
  readonly detail: string;
}

/** What of an event goes before the others, which stand together in the last column. */
const FIRST = ['data_atualizacao', 'status_rastreamento'] as const;
const PARCEL = ['id_pacote', 'transportadora', 'codigo'];

/** A line for each event: where it stands in the payload, and what it becomes. */
export function eventTable(events: readonly Tried[]): string {
  const table = new Table({
    head: ['where', 'when (UTC)', 'status', 'parcel', 'others'],
    style: { head: [], border: [] },
    colWidths: [null, null, null, null, 60],
    wordWrap: true,
    wrapOnWordBoundary: false,
  });
  for (const { where, event, ok } of events) {
    const [when, status] = FIRST.map((field) => show(event[field]));
    const parcel = PARCEL.filter((field) => event[field] !== undefined).map((field) => show(event[field]));
    const others = Object.entries(event).filter(([field]) => ![...FIRST, ...PARCEL].includes(field));
    table.push([
      ok ? where : `${where}\nREFUSED`,
      (when ?? '').replace('.000000Z', 'Z'),
      status,
      parcel.join(' '),
      others.map(([field, value]) => `${field}: ${show(value)}`).join('\n'),
    ]);
  }
  return table.toString();
}

/** What became no event, and why. */
export function problemLines(problems: readonly TriedProblem[]): readonly string[] {
  return problems.map(({ where, detail }) => `${where}: ${detail}`);
}

/** Words that neither the profile nor the catalogue knows. */
export function unknownLines(words: readonly (readonly [word: string, times: number])[]): readonly string[] {
  if (words.length === 0) return [];
  return [
    'Words for a status that neither the profile nor the catalogue knows; they are passed on as they are (status.codes and status.texts of the profile give them a meaning):',
    ...words.map(([word, times]) => `  ${times} × ${JSON.stringify(word)}`),
  ];
}

function show(value: unknown): string {
  return typeof value === 'string' || typeof value === 'number' ? String(value) : '-';
}
