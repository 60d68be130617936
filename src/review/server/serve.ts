import { randomBytes, timingSafeEqual } from 'node:crypto';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { reason, SigboxError } from '../../errors.js';
import type { ReviewData } from '../record/review-data.js';
import { correct } from './changes.js';
import { routesOf, type Served } from './routes.js';

export interface ServeOptions {
  /** Default 127.0.0.1: this machine only. */
  host?: string | undefined;
  /** Default: a free one. */
  port?: number | undefined;
}

export interface ReviewServer extends AsyncDisposable {
  /** With the token that every request has to carry. */
  url: string;
}

/** Everything is the page's own; nothing is fetched from elsewhere, nothing inline is run, no other page may frame it. */
const POLICY = [
  "default-src 'none'",
  "script-src 'self' 'wasm-unsafe-eval'", // suppression is WebAssembly
  "worker-src 'self'",
  "style-src 'self'",
  "img-src 'self' blob:",
  "connect-src 'self'",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
].join('; ');

const HEADERS = {
  'content-security-policy': POLICY,
  'x-content-type-options': 'nosniff',
  'referrer-policy': 'no-referrer',
  'cross-origin-opener-policy': 'same-origin',
  'cross-origin-resource-policy': 'same-origin',
};

const KEEP_SECONDS = 3600;

/**
 * Serves the review page over HTTP. A request needs the token as the first part of its path, and a Host that is this server's:
 * other pages in the same browser know neither.
 *
 * @throws SigboxError E_IO  the address can't be listened on
 */
export async function serveReview(
  data: ReviewData,
  { host = '127.0.0.1', port = 0 }: ServeOptions = {},
): Promise<ReviewServer> {
  const token = randomBytes(16).toString('base64url');
  const server = createServer();
  await listen(server, { host, port });
  const { port: own } = server.address() as AddressInfo;
  const shown = host.includes(':') ? `[${host}]` : host;
  const hosts = new Set([`${shown}:${own}`, `localhost:${own}`, `127.0.0.1:${own}`, `[::1]:${own}`]);
  const anyHost = host === '0.0.0.0' || host === '::';
  const respond = responder(data);
  server.on('request', (request, response) => {
    const refusal = refusalOf(request, { token, hosts: anyHost ? null : hosts });
    if (refusal !== null) send(response, refusal);
    else void respond(request, response, request.url!.slice(token.length + 2)).catch(() => response.destroy());
  });
  return {
    url: `http://${anyHost ? `localhost:${own}` : `${shown}:${own}`}/${token}/`,
    [Symbol.asyncDispose]: () =>
      new Promise((closed) => {
        server.close(() => closed());
        server.closeAllConnections();
      }),
  };
}

function listen(server: Server, address: { host: string; port: number }): Promise<void> {
  return new Promise((listening, failed) => {
    server.once('error', (cause) => {
      const { host, port } = address;
      failed(new SigboxError('E_IO', `review: ${host}:${port} cannot be listened on: ${reason(cause)}.`, { cause }));
    });
    server.listen(address, () => listening());
  });
}

type Answer = Served & { status: number };

function text(status: number, body: string): Answer {
  return { status, type: 'text/plain; charset=utf-8', body };
}

function refusalOf(
  { url = '', method = '', headers }: IncomingMessage,
  { token, hosts }: { token: string; hosts: ReadonlySet<string> | null },
): Answer | null {
  if (hosts !== null && !hosts.has(headers.host ?? '')) return text(403, 'This server is not called that.\n');
  const given = Buffer.from(url.split('/')[1] ?? '');
  const expected = Buffer.from(token);
  const known = given.length === expected.length && timingSafeEqual(given, expected);
  if (!known || url[token.length + 1] !== '/') return text(403, 'Open the address that sigbox printed.\n');
  if (method !== 'GET' && method !== 'HEAD' && method !== 'POST') return text(405, 'Only GET and POST.\n');
  if (method !== 'POST') return null;
  const { origin } = headers;
  const foreign = origin !== undefined && origin !== `http://${headers.host}`;
  if (foreign) return text(403, 'Only the page itself may change something.\n');
  if (headers['content-type'] !== 'application/json') return text(415, 'Only application/json.\n');
  return null;
}

function responder(data: ReviewData) {
  const routes = routesOf(data);
  return async (request: IncomingMessage, response: ServerResponse, path: string): Promise<void> => {
    const gone = new AbortController();
    response.on('close', () => gone.abort());
    try {
      if (request.method === 'POST') {
        const body = await correct(data, path, request);
        send(response, body === null ? text(404, 'There is no such thing.\n') : { ...text(200, body) });
        return;
      }
      const served = await routes(path.split('?')[0]!, gone.signal);
      send(response, served === null ? text(404, 'There is no such file.\n') : { status: 200, ...served });
    } catch (error) {
      if (gone.signal.aborted) return;
      const status = error instanceof SigboxError && error.code === 'E_ARGUMENT' ? 400 : 404;
      send(response, text(status, `${reason(error)}\n`));
    }
  };
}

function send(response: ServerResponse, { status, type, body, keep = false }: Answer): void {
  const bytes = typeof body === 'string' ? Buffer.from(body) : body;
  response.writeHead(status, {
    ...HEADERS,
    'content-type': type,
    'content-length': bytes.length,
    'cache-control': keep ? `private, max-age=${KEEP_SECONDS}` : 'no-store',
  });
  response.end(response.req.method === 'HEAD' ? undefined : bytes);
}
