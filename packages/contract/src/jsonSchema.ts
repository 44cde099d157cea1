import { z } from 'zod';
import { createEventSchema, type Naming } from './event';
import { STATUS_CATALOGUE } from './statusCatalogue';

/**
 * The event contract as JSON Schema 2020-12, generated from the zod schema: what a carrier may send.
 * On arrival texts are cleaned before lengths count, a date must exist and not lie in the future, and more forms of numbers and times are
 * read than a carrier should send (docs/ingestion.md).
 */
export function eventJsonSchema(): Record<string, unknown> {
  const [number, code, both] = NAMINGS.map((naming) => partOf(naming));
  if (number === undefined || code === undefined || both === undefined)
    throw new Error('three ways to name a parcel');
  const { status_rastreamento: status, ...properties } = { ...both.properties, ...number.properties };
  if (status === undefined) throw new Error('the event schema has no status_rastreamento');
  return {
    ...number,
    $id: 'https://rastreio.example/schemas/evento-rastreamento.json',
    required: number.required.filter((field) => code.required.includes(field)),
    // The original's event has no codigo, and with one it may leave out its places.
    anyOf: [{ required: number.required }, { required: code.required }, { required: both.required }],
    dependentRequired: { prazo_em: ['prazo'] },
    properties: {
      ...properties,
      status_rastreamento: { ...status, 'x-catalogue': STATUS_CATALOGUE.map((s) => s.status) },
    },
  };
}

const NAMINGS: readonly Naming[] = ['number', 'code', 'both'];

interface Part extends Record<string, unknown> {
  readonly required: readonly string[];
  readonly properties: Readonly<Record<string, Readonly<Record<string, unknown>>>>;
}

function partOf(naming: Naming): Part {
  const schema = createEventSchema(undefined, naming);
  return z.toJSONSchema(schema, { io: 'input', target: 'draft-2020-12' }) as unknown as Part;
}
