import { connect, createServer, type Socket } from 'node:net';
import { Transform, type TransformCallback } from 'node:stream';

/** A TCP proxy on loopback that can do to its connections what a bad network does. */
export interface Proxy {
  readonly port: number;
  /** Connections that still pass bytes. */
  readonly open: () => number;
  /**
   * Half-open: what is connected now passes nothing more, not even its end, for ever; what connects until {@link heal} is
   * accepted and passes nothing either.
   */
  readonly blackHole: () => void;
  /** Resets every connection; new ones work. */
  readonly cut: () => void;
  /** Holds every chunk of bytes back for this long, one after the other, in both directions. */
  readonly delay: (ms: number) => void;
  /** New connections work, and delays end. What was black-holed stays so: its other end will never hear of it. */
  readonly heal: () => void;
  readonly close: () => Promise<void>;
}

/** One connection through the proxy. */
interface Link {
  readonly sockets: readonly [Socket, Socket];
  silent: boolean;
}

/** Starts a proxy before a port on loopback, which need not be listened on yet. */
export async function startProxy(targetPort: number, port = 0): Promise<Proxy> {
  const links = new Set<Link>();
  const network = { silent: false, delayMs: 0 };
  const server = createServer({ allowHalfOpen: true }, (client) => {
    const upstream = connect({ host: '127.0.0.1', port: targetPort, allowHalfOpen: true });
    const link: Link = { sockets: [client, upstream], silent: network.silent };
    links.add(link);
    for (const socket of link.sockets) {
      socket.setNoDelay(true);
      // The close that follows tells the other side; in a black hole nothing does.
      socket.on('error', () => undefined);
      socket.on('close', () => {
        if (link.silent) return;
        links.delete(link);
        for (const other of link.sockets) other.destroy();
      });
    }
    client.pipe(new Wire(link, network)).pipe(upstream);
    upstream.pipe(new Wire(link, network)).pipe(client);
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen({ host: '127.0.0.1', port }, resolve);
  });
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('a TCP server has no port');
  const destroyAll = (those: Iterable<Link>, how: 'destroy' | 'resetAndDestroy') => {
    for (const { sockets } of [...those]) for (const socket of sockets) socket[how]();
  };
  const passing = () => [...links].filter(({ silent }) => !silent);
  return {
    port: address.port,
    open: () => passing().length,
    blackHole() {
      network.silent = true;
      for (const link of links) link.silent = true;
    },
    cut: () => destroyAll(passing(), 'resetAndDestroy'),
    delay: (ms) => void (network.delayMs = ms),
    heal: () => void Object.assign(network, { silent: false, delayMs: 0 }),
    async close() {
      const closed = new Promise((resolve) => server.close(resolve));
      destroyAll(links, 'destroy');
      await closed;
    },
  };
}

/** One direction of a connection. In a black hole it never calls back, so that neither bytes nor the end get through. */
class Wire extends Transform {
  constructor(
    private readonly link: Link,
    private readonly network: { readonly delayMs: number },
  ) {
    super();
  }

  override _transform(chunk: Buffer, _encoding: BufferEncoding, done: TransformCallback): void {
    if (this.link.silent) return;
    if (this.network.delayMs === 0) return done(null, chunk);
    setTimeout(() => {
      if (!this.link.silent) done(null, chunk);
    }, this.network.delayMs);
  }

  override _flush(done: TransformCallback): void {
    if (!this.link.silent) done();
  }
}
