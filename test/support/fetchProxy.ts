import { connect, createServer, type Socket } from 'node:net';
import { Transform, type TransformCallback } from 'node:stream';

/** A TCP proxy on loopback before a Kafka broker that can keep the answers to fetches to itself, and passes everything else. */
export interface FetchProxy {
  readonly port: number;
  /** Bytes of answers to fetches that have passed. */
  readonly fetched: () => number;
  /** The answers of connections that are open now, or also of all later ones, are kept back until {@link heal}. */
  readonly keepBack: (which: 'open' | 'all') => void;
  /** What was kept back is gone; from now on everything passes. */
  readonly heal: () => void;
  readonly close: () => Promise<void>;
}

interface Link {
  readonly sockets: readonly [Socket, Socket];
  /** Correlation ids of fetches that are not answered. */
  readonly fetches: Set<number>;
  deaf: boolean;
}

const FETCH = 1;

/** Starts a proxy before a port on loopback, which need not be listened on yet. */
export async function startFetchProxy(targetPort: number): Promise<FetchProxy> {
  const links = new Set<Link>();
  let deaf = false;
  let fetched = 0;
  const server = createServer((client) => {
    const upstream = connect({ host: '127.0.0.1', port: targetPort });
    const link: Link = { sockets: [client, upstream], fetches: new Set(), deaf };
    links.add(link);
    for (const socket of link.sockets) {
      socket.setNoDelay(true);
      // The close that follows tells the other side.
      socket.on('error', () => undefined);
      socket.on('close', () => {
        links.delete(link);
        for (const other of link.sockets) other.destroy();
      });
    }
    const requests = new Frames((frame) => {
      if (frame.readInt16BE(4) === FETCH) link.fetches.add(frame.readInt32BE(8));
      return true;
    });
    const answers = new Frames((frame) => {
      if (!link.fetches.delete(frame.readInt32BE(4))) return true;
      if (!link.deaf) fetched += frame.length;
      return !link.deaf;
    });
    client.pipe(requests).pipe(upstream);
    upstream.pipe(answers).pipe(client);
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen({ host: '127.0.0.1', port: 0 }, resolve);
  });
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('a TCP server has no port');
  return {
    port: address.port,
    fetched: () => fetched,
    keepBack(which) {
      deaf = which === 'all';
      for (const link of links) link.deaf = true;
    },
    heal() {
      deaf = false;
      for (const link of links) link.deaf = false;
    },
    async close() {
      const closed = new Promise((resolve) => server.close(resolve));
      for (const { sockets } of links) for (const socket of sockets) socket.destroy();
      await closed;
    },
  };
}

/** Passes whole messages of Kafka's protocol (a length of four bytes before each), those that it is told to. */
class Frames extends Transform {
  private rest = Buffer.alloc(0);

  constructor(private readonly passes: (frame: Buffer) => boolean) {
    super();
  }

  override _transform(chunk: Buffer, _encoding: BufferEncoding, done: TransformCallback): void {
    this.rest = Buffer.concat([this.rest, chunk]);
    for (;;) {
      const length = this.rest.length < 4 ? Infinity : 4 + this.rest.readInt32BE(0);
      if (this.rest.length < length) return done();
      const frame = this.rest.subarray(0, length);
      this.rest = this.rest.subarray(length);
      if (this.passes(frame)) this.push(frame);
    }
  }
}
