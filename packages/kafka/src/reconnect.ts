import { connect as connectTcp, isIP, type Socket } from 'node:net';
import { connect as connectTls } from 'node:tls';
import {
  Kafka,
  type Admin,
  type AdminConfig,
  type Consumer,
  type ConsumerConfig,
  type ISocketFactory,
  type KafkaConfig,
  type Producer,
  type ProducerConfig,
  type RetryOptions,
} from 'kafkajs';
import { askAgain } from './askAgain';

const KEEP_ALIVE_DELAY_MS = 60_000;
/** kafkajs's own. */
const REQUEST_TIMEOUT_MS = 30_000;
/** Of the time that a request may take: kafkajs asks another broker only where a connection fails, and not where a request timed out. */
const FIRST_ANSWER = 1 / 3;

/**
 * A kafkajs client that leaves what does not answer, as the Java client does.
 * - A connection on which a request timed out. kafkajs by itself goes on writing to it: when the other side has vanished without a
 *   word, producers and consumers hang until the operating system gives up (some 15 minutes), or for ever behind a load balancer that
 *   still acknowledges.
 * - A broker that takes connections and says nothing, as one that is frozen. kafkajs by itself asks the same one a hundred times, for half
 *   a minute each, while the others would answer.
 * What an admin asks for is asked again (askAgain.ts).
 */
export class ReconnectingKafka extends Kafka {
  private readonly drop: (broker: string) => void;
  private readonly retry: RetryOptions;
  private readonly sockets: ReadonlyMap<Socket, string>;

  /** @param onError told of each connection that fails, and to which broker it led */
  constructor(config: KafkaConfig, onError: (broker: string, error: Error) => void = () => undefined) {
    const sockets = new Map<Socket, string>();
    const { requestTimeout = REQUEST_TIMEOUT_MS, retry = {} } = config;
    super({ ...config, socketFactory: socketFactory(sockets, requestTimeout * FIRST_ANSWER, onError) });
    this.retry = retry;
    this.sockets = sockets;
    this.drop = (broker) => {
      for (const [socket, peer] of sockets)
        if (peer === broker) socket.destroy(new Error('a request timed out on this connection'));
    };
  }

  /** Leaves all connections. What waits for an answer on one of them fails at once, and is asked again on a new one. */
  dropConnections(): void {
    for (const socket of this.sockets.keys()) socket.destroy(new Error('this connection was left'));
  }

  override producer(config?: ProducerConfig): Producer {
    const producer = super.producer(config);
    producer.on(producer.events.REQUEST_TIMEOUT, ({ payload }) => this.drop(payload.broker));
    return producer;
  }

  override consumer(config: ConsumerConfig): Consumer {
    const consumer = super.consumer(config);
    consumer.on(consumer.events.REQUEST_TIMEOUT, ({ payload }) => this.drop(payload.broker));
    return consumer;
  }

  override admin(config?: AdminConfig): Admin {
    const admin = super.admin(config);
    admin.on(admin.events.REQUEST_TIMEOUT, ({ payload }) => this.drop(payload.broker));
    return askAgain(admin, config?.retry ?? this.retry);
  }
}

/** What kafkajs does by default, with the sockets remembered by the broker they go to. */
function socketFactory(
  sockets: Map<Socket, string>,
  firstAnswerMs: number,
  onError: (broker: string, error: Error) => void,
): ISocketFactory {
  return ({ host, port, ssl, onConnect }) => {
    const socket = ssl
      ? connectTls({ host, port, ...(isIP(host) === 0 ? { servername: host } : {}), ...ssl }, onConnect)
      : connectTcp({ host, port }, onConnect);
    socket.setKeepAlive(true, KEEP_ALIVE_DELAY_MS);
    leaveWhereSilent(socket, firstAnswerMs);
    const broker = `${host}:${port}`;
    socket.on('error', (error: Error) => onError(broker, error));
    sockets.set(socket, broker);
    socket.once('close', () => sockets.delete(socket));
    return socket;
  };
}

function leaveWhereSilent(socket: Socket, afterMs: number): void {
  const timer = setTimeout(() => {
    socket.destroy(new Error(`no answer within ${Math.round(afterMs / 100) / 10} s on a new connection`));
  }, afterMs);
  // kafkajs does not wait for sockets when it ends.
  timer.unref();
  const heard = () => clearTimeout(timer);
  socket.once('data', heard);
  socket.once('close', heard);
}
