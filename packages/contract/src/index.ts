export {
  type Validated,
  type Validator,
  type Decoder,
  MAX_MESSAGE_BYTES,
  createValidator,
  createDecoder,
} from './decode';
export { type TrackingEvent, type EventRules, DEFAULT_RULES, VALID_VALUES } from './event';
export { eventRules, eventSettings, type EventSettings } from './eventSettings';
export { eventJsonSchema } from './jsonSchema';
export { REJECTION_REASONS, type RejectionReason, type Rejection, showValue } from './rejection';
export * from './statusCatalogue';
export { isStorable, compareText } from './text';
export { parseTimestamp, formatTimestamp, isTimezone } from './timestamp';
export { TOPIC_EVENTS, TOPIC_DEAD_LETTERS, CONSUMER_GROUP } from './topics';
