import { MAX_STATUSES_TOLD } from '../unknownStatuses';

const ref = (name: string) => ({ $ref: `#/components/schemas/${name}` });
const count = (description: string) => ({ type: 'integer', minimum: 0, description });
const problem = (description: string) => ({
  description,
  content: { 'application/problem+json': { schema: ref('Problem') } },
});

/**
 * `POST /fontes/{perfil}` in OpenAPI. Sources show who they are as their profile says, for which this document has no scheme.
 *
 * @param names of the profiles, those without secret too
 */
export function payloadOperation(names: readonly string[]): Record<string, unknown> {
  return {
    operationId: 'postPayload',
    tags: ['Sources'],
    summary: 'Report in a carrier’s own words',
    description:
      'Takes a payload as the source profile of this name reads it: point the carrier’s webhook here. What cannot be read is kept as it ' +
      'came, to be read again with a corrected profile, so that it is answered by 202, too.',
    security: [],
    parameters: [
      {
        name: 'perfil',
        in: 'path',
        required: true,
        description: 'Name of a source profile.',
        schema: { enum: names },
      },
    ],
    requestBody: {
      required: true,
      content: { '*/*': { schema: { description: 'As the source sends it.' } } },
    },
    responses: {
      202: {
        description: 'Kafka has all events, and with them what could not be read.',
        content: { 'application/json': { schema: ref('PayloadReceipt') } },
      },
      401: problem('No key or signature of this source.'),
      404: problem('No such profile.'),
      413: problem('The payload is too large, as it came or unpacked, or holds too many events.'),
      422: problem('The payload is empty.'),
      503: problem('Overloaded, no acknowledgement of Kafka, or the source has no secret yet.'),
    },
  };
}

/** What it answers with. */
export const PAYLOAD_RECEIPT = {
  type: 'object',
  required: ['accepted', 'unreadable', 'request_id'],
  properties: {
    accepted: count('Events that Kafka has.'),
    unreadable: count('What of the payload became no event.'),
    problems: {
      type: 'array',
      description: 'The first of them.',
      items: {
        type: 'object',
        required: ['where', 'field', 'detail'],
        properties: {
          where: { type: 'string', description: 'Place in the payload.' },
          field: { type: ['string', 'null'] },
          detail: { type: 'string' },
        },
      },
    },
    kept: { type: 'string', description: 'What became of a payload that could not be read whole.' },
    unknown_statuses: {
      type: 'object',
      description: `Words for a status that neither profile nor catalogue knows, and how often each came: the first ${MAX_STATUSES_TOLD}.`,
      additionalProperties: count('How often.'),
    },
    unknown_statuses_omitted: count('Events with yet other words.'),
    request_id: { type: 'string' },
  },
};
