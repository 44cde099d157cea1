export {
  type Validated,
  type Validator,
  type Decoder,
  MAX_MESSAGE_BYTES,
  createValidator,
  createDecoder,
} from './decode';
export { type TrackingEvent, type PlainEvent, type EventField, VALID_VALUES, PLAIN_FIELDS } from './event';
export { DEFAULT_MAX_FUTURE_SKEW_MS, DEFAULT_RULES, type EventRules } from './rules';
export { CORRECTIONS, DETAIL_FIELDS, type Correction, type EventDetails } from './details';
export { eventMessage, isNumbered, isPlain, isWhole, parcelKey, type NumberedEvent } from './naming';
export { findEnvelope, type Envelope } from './envelope';
export { eventRules, eventSettings, type EventSettings } from './eventSettings';
export { eventJsonSchema } from './jsonSchema';
export { REJECTION_REASONS, type RejectionReason, type Rejection, showValue } from './rejection';
export { nearestStatus } from './nearestStatus';
export * from './statusCatalogue';
export { cleanCode, cleanStatus, cleanText, foldText } from './clean';
export { isStorable, compareText } from './text';
export { parseJson, SentNumber } from './number';
export { EARLIEST_EVENT, parseTimestamp, formatTimestamp } from './timestamp';
export { endOfDay, isTimezone, zonedMs } from './timeZone';
export { TOPIC_EVENTS, TOPIC_DEAD_LETTERS, CONSUMER_GROUP, HEADER_PROBLEM, HEADER_PROFILE } from './topics';
