import { isUtf8 } from 'node:buffer';
import { findEnvelope, findEnvelopeOf, type Envelope } from './envelope';
import { withSaidDetails } from './details';
import { createEventSchema, namingOf, type TrackingEvent } from './event';
import { DEFAULT_RULES, type EventRules } from './rules';
import { explainIssues } from './explain';
import { FlatEventReader } from './flatEvent';
import { parseJson, readWholeNumber, SentNumber } from './number';
import { createQuickValidator, type QuickValidator } from './quick';
import { showValue, type Rejection, type RejectionReason } from './rejection';

export type Validated =
  | { readonly ok: true; readonly event: TrackingEvent }
  /** Every problem found; the first one names the rejection. */
  | { readonly ok: false; readonly rejections: readonly [Rejection, ...Rejection[]] };

/** Checks and cleans an already parsed value ({@link parseJson} reads numbers as they were sent). Never throws. */
export type Validator = (input: unknown) => Validated;

/** Checks and cleans a message's bytes, or the part of them from one place up to another; `null` is a tombstone. Never throws. */
export type Decoder = (bytes: Uint8Array | null, from?: number, to?: number) => Validated;

/** Largest message worth parsing, in bytes: an event is about 150. */
export const MAX_MESSAGE_BYTES = 64 * 1024;

/** A validator for the given rules. */
export function createValidator(rules: EventRules = DEFAULT_RULES): Validator {
  return validatorBehind(createQuickValidator(rules), rules);
}

function validatorBehind(quick: QuickValidator, rules: EventRules): Validator {
  const schemas = {
    number: createEventSchema(rules, 'number'),
    code: createEventSchema(rules, 'code'),
    both: createEventSchema(rules, 'both'),
  };
  return (input) => {
    const event = quick(input);
    if (event !== undefined) return { ok: true, event };
    if (Array.isArray(input))
      return rejected(
        'not_an_object',
        `an array of ${input.length} is not an event; send one message per event`,
      );
    const said = withSaidDetails(withPlainNumbers(input));
    const result = schemas[namingOf(said)].safeParse(said);
    if (result.success) return { ok: true, event: result.data };
    const envelope = findEnvelopeOf(input);
    return envelope === null
      ? { ok: false, rejections: explainIssues(result.error.issues, input) }
      : inEnvelope(envelope);
  };
}

/** A decoder for the given rules: bytes, UTF-8, JSON, contract. */
export function createDecoder(rules: EventRules = DEFAULT_RULES): Decoder {
  const quick = createQuickValidator(rules);
  const validate = validatorBehind(quick, rules);
  const reader = new FlatEventReader();
  return (whole, from = 0, to = whole?.length ?? 0) => {
    if (whole === null) return rejected('tombstone', 'the message has no value; send the event as JSON');
    if (to - from > MAX_MESSAGE_BYTES) {
      return rejected('too_large', `${to - from} bytes; an event may have at most ${MAX_MESSAGE_BYTES}`);
    }
    const buffer = toBuffer(whole);
    const sent = reader.read(buffer, from, to);
    const event = sent === undefined ? undefined : quick(sent);
    if (event !== undefined) return { ok: true, event };
    const bytes = buffer.subarray(from, to);
    if (!isUtf8(bytes)) {
      const envelope = findEnvelope(bytes);
      if (envelope !== null) return inEnvelope(envelope);
      return rejected('invalid_utf8', 'the bytes are not UTF-8; encode the JSON as UTF-8');
    }
    const text = bytes.toString('utf8');
    let input: unknown;
    try {
      input = parseJson(text);
    } catch (error) {
      const envelope = findEnvelope(bytes);
      if (envelope !== null) return inEnvelope(envelope);
      return rejected(
        'invalid_json',
        `${showValue(text)}: ${(error as Error).message.slice(0, 120)}; send one JSON object`,
      );
    }
    return validate(input);
  };
}

/** What the schema takes: whole numbers as such, however they were written, and a time's number as text. */
function withPlainNumbers(input: unknown): unknown {
  if (typeof input !== 'object' || input === null) return input;
  const { id_pacote: id, data_atualizacao: time } = input as Readonly<Record<string, unknown>>;
  if (!(id instanceof SentNumber) && !(time instanceof SentNumber) && typeof time !== 'number') return input;
  return { ...input, id_pacote: wholeOr(id, id), data_atualizacao: textOf(time) };
}

function wholeOr(value: unknown, other: unknown): unknown {
  const number = value instanceof SentNumber ? readWholeNumber(value.text) : null;
  return number?.ok === true ? number.value : other;
}

function textOf(time: unknown): unknown {
  if (typeof time === 'number') return String(time);
  return time instanceof SentNumber ? String(wholeOr(time, time.text)) : time;
}

function rejected(reason: RejectionReason, detail: string): Validated {
  return { ok: false, rejections: [{ reason, field: null, detail }] };
}

function inEnvelope({ name, content }: Envelope): Validated {
  const how = content === undefined ? 'which cannot be opened here' : 'which "npm run dlq -- replay" opens';
  return rejected('envelope', `the message is ${name}, ${how}; send the event alone, as one JSON object`);
}

function toBuffer(bytes: Uint8Array): Buffer {
  return Buffer.isBuffer(bytes) ? bytes : Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}
