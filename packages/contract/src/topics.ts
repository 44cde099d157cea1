/** Topic that carries the tracking events, keyed by `id_pacote`. The original's name. */
export const TOPIC_EVENTS = 'eventos_rastreamento';

/** Topic that receives every rejected message with its original bytes (the `.dlq` suffix Kafka users expect). */
export const TOPIC_DEAD_LETTERS = `${TOPIC_EVENTS}.dlq`;

/** Header of a message that is a source's payload as it came, since its profile could not read all of it: the profile's name. */
export const HEADER_PROFILE = 'rastreio.perfil';
/** Beside it: what could not be read, in one sentence. */
export const HEADER_PROBLEM = 'rastreio.problema';

/** Consumer group of the service that writes the events to the database. The original's name. */
export const CONSUMER_GROUP = 'rastreamento_consumer_group';
