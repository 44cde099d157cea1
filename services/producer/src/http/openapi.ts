import { eventJsonSchema, REJECTION_REASONS } from '@rastreio/contract';
import { CONTENT_CODINGS } from './contentCoding';
import type { HttpLimits } from './httpLimits';
import { MAX_ERRORS_TOLD } from './judge';
import { MAX_STATUSES_TOLD } from './unknownStatuses';
import { PAYLOAD_RECEIPT, payloadOperation } from './sources/openapi';

export interface OpenApiOptions {
  readonly keysNeeded: boolean;
  /** Names of source profiles. */
  readonly sources: readonly string[];
  readonly limits: Pick<HttpLimits, 'maxBodyBytes' | 'maxEventsPerRequest' | 'ackTimeoutMs'>;
}

const ref = (name: string) => ({ $ref: `#/components/schemas/${name}` });
/** An event to try: the original's third. */
const EXAMPLE = {
  id_pacote: 1333,
  origem: 'Natal',
  destino: 'Paraíba',
  status_rastreamento: 'ENTREGUE',
  data_atualizacao: '2025-10-13T17:40:00Z',
};

const count = (description: string) => ({ type: 'integer', minimum: 0, description });

/** The HTTP source as an OpenAPI 3.1 document. The event's schema is the contract's own; an event is written down nowhere else. */
export function openApiDocument({ keysNeeded, limits, sources }: OpenApiOptions): Record<string, unknown> {
  const { $schema: _dialect, $id: _id, ...event } = eventJsonSchema();
  return {
    openapi: '3.1.1',
    info: {
      title: 'Rastreio: tracking events',
      version: '1',
      license: { name: 'Apache-2.0', identifier: 'Apache-2.0' },
      description: DESCRIPTION,
    },
    servers: [{ url: '/' }],
    ...(keysNeeded ? { security: [{ key: [] }] } : {}),
    paths: {
      '/eventos': { post: postOperation(limits, keysNeeded) },
      ...(sources.length > 0 ? { '/fontes/{perfil}': { post: payloadOperation(sources) } } : {}),
    },
    components: {
      ...(keysNeeded
        ? { securitySchemes: { key: { type: 'http', scheme: 'bearer', description: 'The carrier’s key.' } } }
        : {}),
      schemas: {
        Event: event,
        ...SCHEMAS,
        ...(sources.length > 0 ? { PayloadReceipt: PAYLOAD_RECEIPT } : {}),
      },
    },
  };
}

const DESCRIPTION = `Report where parcels are. An event is known by its content (parcel, instant, status): **sending it again is
always safe** and counts nothing twice. So after a timeout, a broken connection, 429 or 503, send the same request again.

202 and 207 come only after Kafka has written every accepted event to its disks.`;

function postOperation(limits: OpenApiOptions['limits'], keysNeeded: boolean): Record<string, unknown> {
  const seconds = limits.ackTimeoutMs / 1000;
  return {
    operationId: 'postEvents',
    tags: ['Events'],
    summary: 'Report one or many tracking events',
    description: `A JSON body holds one event or an array of at most ${limits.maxEventsPerRequest} (${limits.maxBodyBytes} bytes). An NDJSON body
holds one event a line and may have any length. Wrong events are refused one by one and the others taken, unless the request
says \`Prefer: handling=strict\` (JSON only). Either may be packed (\`Content-Encoding\`: ${CONTENT_CODINGS.join(', ')}, at most two).`,
    parameters: [
      header(
        'X-Request-Id',
        'Your own id of the request, 1 to 64 of letters, digits and `._:-`; comes back in the answer and in our logs.',
      ),
      header('Prefer', '`handling=strict`: one wrong event refuses the whole request.'),
    ],
    requestBody: {
      required: true,
      content: {
        'application/json': {
          examples: { one: { value: EXAMPLE }, several: { value: [EXAMPLE] } },
          schema: {
            oneOf: [
              ref('Event'),
              { type: 'array', items: ref('Event'), minItems: 1, maxItems: limits.maxEventsPerRequest },
            ],
          },
        },
        'application/x-ndjson': { schema: { type: 'string', description: 'One event a line.' } },
      },
    },
    responses: {
      202: receipt('Kafka has all events.'),
      207: receipt('Kafka has the accepted events; the others are refused, see `results`.'),
      400: problem('The body is not JSON in UTF-8, or not in its content coding.'),
      ...(keysNeeded ? { 401: problem('No key, or one that is unknown or expired.') } : {}),
      408: problem('The body stood still, or came too slowly.'),
      413: problem('The body or the array is too large, as it came or unpacked.'),
      415: problem(
        'Neither JSON nor NDJSON, another charset than UTF-8, or a content coding that is not read; `Accept-Encoding` names those that are.',
      ),
      422: problem(
        'No event is valid (or one is not, with `Prefer: handling=strict`); nothing was taken. `errors` names field, value and rule.',
        'InvalidEvents',
      ),
      ...(keysNeeded ? { 429: problem('Over the key’s events a minute.', 'Problem', true) } : {}),
      503: problem(
        `Overloaded, or Kafka did not acknowledge within ${seconds} s. The events may or may not be stored: send the request again.`,
        'Problem',
        true,
      ),
    },
  };
}

function header(name: string, description: string) {
  return { name, in: 'header', required: false, description, schema: { type: 'string' } };
}

function receipt(description: string) {
  return { description, headers: REQUEST_ID, content: { 'application/json': { schema: ref('Receipt') } } };
}

function problem(description: string, schema = 'Problem', retry = false) {
  return {
    description,
    headers: { ...REQUEST_ID, ...(retry ? RETRY_AFTER : {}) },
    content: { 'application/problem+json': { schema: ref(schema) } },
  };
}

const REQUEST_ID = { 'X-Request-Id': { schema: { type: 'string' } } };
const RETRY_AFTER = { 'Retry-After': { description: 'Seconds.', schema: { type: 'integer' } } };

const ERRORS_OMITTED = count(
  `Refused events whose errors are not told, beyond the first ${MAX_ERRORS_TOLD} errors.`,
);

const UNKNOWN_STATUSES = {
  unknown_statuses: {
    type: 'object',
    description: `Statuses of accepted events that the catalogue shipped with this API does not know, and how often each came: the first ${MAX_STATUSES_TOLD}.`,
    additionalProperties: count('How often.'),
  },
  unknown_statuses_omitted: count('Accepted events with yet other statuses that it does not know.'),
};

const SCHEMAS = {
  Receipt: {
    type: 'object',
    required: ['accepted', 'refused', 'request_id'],
    properties: {
      accepted: count('Events that Kafka has.'),
      refused: count('Events refused as invalid.'),
      results: {
        type: 'array',
        items: ref('Result'),
        description:
          'One for each event of an array, in its order. Of NDJSON only refused lines, as long as their errors are told.',
      },
      results_omitted: count('NDJSON: refused lines beyond those listed.'),
      errors_omitted: ERRORS_OMITTED,
      ...UNKNOWN_STATUSES,
      request_id: { type: 'string' },
    },
  },
  Result: {
    type: 'object',
    required: ['status'],
    properties: {
      index: count('Position in the array, from 0.'),
      line: { type: 'integer', minimum: 1, description: 'Line of an NDJSON body.' },
      status: { enum: ['accepted', 'refused'] },
      errors: {
        type: 'array',
        items: ref('EventError'),
        description: `What is wrong, for as many events as have ${MAX_ERRORS_TOLD} errors together.`,
      },
    },
  },
  EventError: {
    type: 'object',
    required: ['field', 'reason', 'rule', 'detail'],
    properties: {
      field: { type: ['string', 'null'] },
      reason: { enum: Object.keys(REJECTION_REASONS) },
      value: { type: 'string', description: 'The value as sent, as JSON, cut to 80 characters.' },
      rule: { type: 'string', description: 'The rule it breaks.' },
      detail: { type: 'string', description: 'Field, value and what would be valid, in one sentence.' },
    },
  },
  Problem: {
    type: 'object',
    description: 'RFC 9457.',
    required: ['type', 'title', 'status', 'detail', 'instance'],
    properties: {
      type: { type: 'string', description: 'urn:rastreio:problem:…' },
      title: { type: 'string' },
      status: { type: 'integer' },
      detail: { type: 'string', description: 'What happened and what to do.' },
      instance: { type: 'string', description: 'urn:request:ID' },
      accepted: count('NDJSON: events that Kafka has already.'),
      refused: count('Events refused so far.'),
      ...UNKNOWN_STATUSES,
      continue_after_line: count('NDJSON: go on after this line, or send everything again.'),
    },
  },
  InvalidEvents: {
    allOf: [
      ref('Problem'),
      {
        type: 'object',
        properties: {
          errors_omitted: ERRORS_OMITTED,
          errors: {
            type: 'array',
            items: {
              allOf: [ref('EventError'), { type: 'object', properties: { index: { type: 'integer' } } }],
            },
          },
        },
      },
    ],
  },
} as const;
