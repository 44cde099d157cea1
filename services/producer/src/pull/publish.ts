import { eventMessage, type Decoder } from '@rastreio/contract';
import type { OutgoingMessage, Publisher } from '@rastreio/kafka';
import type { Log } from '@rastreio/runtime';
import { looksLikeUtf8, type PulledEvent } from './answerEvents';
import type { Letters } from '../letters';

export interface PublishParts {
  readonly publisher: Publisher;
  readonly decode: Decoder;
  readonly log: Log;
  readonly metrics: {
    /** Events published, and those of them that the consumer will reject. */
    readonly published: (events: number, invalid: number) => void;
    /** Wrong events that came again and are dead letters already. */
    readonly repeated: (events: number) => void;
  };
}

const MESSAGES_PER_SEND = 1_000;
/** Below the broker's limit for a batch, 1 MiB. */
const BYTES_PER_SEND = 500_000;

/**
 * Publishes an answer's events; one that breaks the contract as it came, for the dead letters, unless it is one already.
 *
 * @returns how many events the answer has
 * @throws what the stream and the publisher throw; what was published before stays published
 */
export async function publishAll(
  events: AsyncIterable<PulledEvent>,
  letters: Letters,
  { publisher, decode, metrics, log }: PublishParts,
): Promise<number> {
  let batch: OutgoingMessage[] = [];
  let bytes = 0;
  let wrong: Buffer[] = [];
  let [total, repeated, utf8] = [0, 0, 0];
  const flush = async () => {
    await publisher.send(batch);
    wrong.forEach(letters.add);
    metrics.published(batch.length, wrong.length);
    [batch, bytes, wrong] = [[], 0, []];
  };
  const add = async (message: OutgoingMessage & { readonly value: string | Buffer }) => {
    const size = Buffer.byteLength(message.value);
    if (batch.length >= MESSAGES_PER_SEND || bytes + size > BYTES_PER_SEND) await flush();
    batch.push(message);
    bytes += size;
  };
  for await (const event of events) {
    const { raw, headers } = event;
    total++;
    if (looksLikeUtf8(event)) utf8++;
    const result = event.utf8 === undefined ? undefined : decode(event.utf8);
    if (result?.ok === true) await add(eventMessage(result.event));
    else if (letters.has(raw) || wrong.some((other) => other.equals(raw))) repeated++;
    else {
      await add({ key: null, value: raw, ...(headers === undefined ? {} : { headers }) });
      wrong.push(raw);
    }
  }
  await flush();
  metrics.repeated(repeated);
  if (utf8 > 0)
    log.warn(
      { events: utf8 },
      'the charset that the carrier names seems wrong: these events look like UTF-8',
    );
  return total;
}
