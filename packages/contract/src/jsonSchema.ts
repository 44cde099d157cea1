import { z } from 'zod';
import { createEventSchema } from './event';
import { STATUS_CATALOGUE } from './statusCatalogue';

/**
 * The event contract as JSON Schema 2020-12, generated from the zod schema: what a carrier may send.
 * On arrival texts are cleaned before lengths count, a date must exist and not lie in the future, and more forms of numbers and times are
 * read than a carrier should send (docs/ingestion.md).
 */
export function eventJsonSchema(): Record<string, unknown> {
  const schema = z.toJSONSchema(createEventSchema(), { io: 'input', target: 'draft-2020-12' }) as Record<
    string,
    unknown
  >;
  const properties = schema.properties as Record<string, Record<string, unknown>>;
  const status = properties.status_rastreamento;
  if (status === undefined) throw new Error('the event schema has no status_rastreamento');
  return {
    ...schema,
    $id: 'https://rastreio.example/schemas/evento-rastreamento.json',
    properties: {
      ...properties,
      status_rastreamento: { ...status, 'x-catalogue': STATUS_CATALOGUE.map((s) => s.status) },
    },
  };
}
