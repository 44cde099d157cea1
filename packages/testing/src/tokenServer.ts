import { createServer } from 'node:http';

export interface TokenServer {
  readonly url: string;
  /** What was asked since the last `reset`. */
  readonly asked: readonly { readonly authorization: string | undefined; readonly body: string }[];
  /** What it answers from now on. */
  answerWith: (body: () => object, status?: number) => void;
  /** Forgets what was asked, and answers with tokens of a minute. */
  reset: () => void;
  close: () => void;
}

/** An endpoint on loopback that gives tokens for client credentials, whoever asks. */
export async function startTokenServer(): Promise<TokenServer> {
  const asked: { authorization: string | undefined; body: string }[] = [];
  const minute = () => ({ access_token: unsecuredToken(60), expires_in: 60 });
  let answer: { status: number; body: () => object } = { status: 200, body: minute };
  const server = createServer((request, response) => {
    let body = '';
    request.on('data', (chunk: Buffer) => (body += chunk.toString()));
    request.on('end', () => {
      asked.push({ authorization: request.headers.authorization, body });
      response.writeHead(answer.status, { 'content-type': 'application/json' });
      response.end(JSON.stringify(answer.body()));
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as { port: number }).port}/token`,
    asked,
    answerWith: (body, status = 200) => void (answer = { status, body }),
    reset() {
      asked.length = 0;
      answer = { status: 200, body: minute };
    },
    close: () => void server.close(),
  };
}

/** What a broker without a validator of its own takes: RFC 7519, section 6. */
export function unsecuredToken(seconds: number): string {
  const part = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url');
  const now = Math.floor(Date.now() / 1000);
  return `${part({ alg: 'none' })}.${part({ sub: 'ana', iat: now, exp: now + seconds })}.`;
}
