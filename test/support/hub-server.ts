import { createHash } from 'node:crypto';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { onTestFinished } from 'vitest';

/** A repository as the hub serves it. */
export interface ServedRepository {
  /** Path → content. Of `LARGE`, the hub gives the SHA-256 and redirects to its store. */
  files: Record<string, Uint8Array>;
  license?: string;
  /** Default: made of the files. */
  commit?: string;
  /** Only with this token; 'nobody': with none. */
  access?: string;
}

const LARGE = /\.(onnx|onnx_data|bin)$/;

/** What a test makes the server do instead of answering a request. @returns false: it is to answer */
export type Fault = (request: IncomingMessage, response: ServerResponse, part: 'api' | 'file' | 'store') => boolean;

export interface HubServer {
  endpoint: string;
  /** Host of the store of large files, which is another than the hub's. */
  storeHost: string;
  repositories: Record<string, ServedRepository>;
  /** Set by a test. */
  fault: Fault | null;
  /** Every request: part, method, path and the header of a token or range where there was one. */
  requests: string[];
  /** Bytes of content that the store has sent. */
  sent: number;
  /** Bytes that the store sends at once; it waits between. Default: all */
  piece: number;
}

/** The commit of a repository: the given one, or one that its files make. */
export function commitOf({ files, commit }: ServedRepository): string {
  if (commit !== undefined) return commit;
  const hash = createHash('sha1');
  for (const [path, content] of Object.entries(files)) hash.update(path).update(content);
  return hash.digest('hex');
}

export function sha256Of(content: Uint8Array): string {
  return createHash('sha256').update(content).digest('hex');
}

function gitHash(content: Uint8Array): string {
  return createHash('sha1').update(`blob ${content.length}\0`).update(content).digest('hex');
}

/** A server that speaks the API of a model hub, and a store of large files at another address, until the test ends. */
export async function serveHub(repositories: Record<string, ServedRepository>): Promise<HubServer> {
  const hub: HubServer = { endpoint: '', storeHost: '', repositories, fault: null, requests: [], sent: 0, piece: 0 };
  const [api, store] = await Promise.all([
    listen((request, response) => answer(hub, request, response)),
    listen((request, response) => sendLarge(hub, request, response)),
  ]);
  hub.endpoint = `http://${addressOf(api)}`;
  hub.storeHost = addressOf(store);
  return hub;
}

async function listen(handler: (request: IncomingMessage, response: ServerResponse) => void): Promise<Server> {
  const server = createServer(handler);
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  return server;
}

function addressOf(server: Server): string {
  return `127.0.0.1:${(server.address() as AddressInfo).port}`;
}

function note(hub: HubServer, part: string, { method, url, headers }: IncomingMessage): void {
  const told = [headers.authorization, headers.range].filter((value) => value !== undefined);
  hub.requests.push([part, method, decodeURIComponent(url ?? '').split('?')[0], ...told].join(' '));
}

const API = /^\/api\/models\/([^/]+\/[^/]+)\/(revision|tree)\/([^/?]+)/;
const FILE = /^\/([^/]+\/[^/]+)\/resolve\/([^/]+)\/([^?]+)/;

function answer(hub: HubServer, request: IncomingMessage, response: ServerResponse): unknown {
  const url = request.url ?? '';
  const [, apiName, kind, apiRevision] = API.exec(url) ?? [];
  const [, fileName, fileRevision, path] = FILE.exec(url) ?? [];
  const part = apiName === undefined ? 'file' : 'api';
  note(hub, part, request);
  if (hub.fault?.(request, response, part)) return;
  const name = apiName ?? fileName ?? '';
  const served = hub.repositories[name];
  if (served === undefined) return fail(response, 401, 'Repository not found');
  const { access } = served;
  if (access !== undefined && request.headers.authorization !== `Bearer ${access}`) {
    return fail(response, access === 'nobody' ? 403 : 401, 'Access is restricted');
  }
  const revision = decodeURIComponent(apiRevision ?? fileRevision ?? '');
  const commit = commitOf(served);
  if (revision !== 'main' && revision !== commit) return fail(response, 404, `Invalid rev id: ${revision}`);
  if (kind === 'revision') {
    const cardData = served.license === undefined ? {} : { license: served.license };
    return json(response, { _id: name, id: name, sha: commit, cardData, siblings: [] });
  }
  if (kind === 'tree') return json(response, Object.entries(served.files).map(entry));
  sendFile(hub, served, decodeURIComponent(path ?? ''), request, response);
}

function entry([path, content]: [string, Uint8Array]) {
  const lfs = { oid: sha256Of(content), size: content.length, pointerSize: 130 };
  return { type: 'file', oid: gitHash(content), size: content.length, path, ...(LARGE.test(path) ? { lfs } : {}) };
}

function sendFile(
  hub: HubServer,
  served: ServedRepository,
  path: string,
  request: IncomingMessage,
  response: ServerResponse,
): unknown {
  const content = served.files[path];
  if (content === undefined) return fail(response, 404, 'Entry not found');
  response.setHeader('x-repo-commit', commitOf(served));
  if (!LARGE.test(path)) {
    response.setHeader('etag', `"${gitHash(content)}"`);
    return send(content, request, response);
  }
  response.setHeader('x-linked-etag', `"${sha256Of(content)}"`);
  response.setHeader('x-linked-size', content.length);
  response.writeHead(302, { location: `http://${hub.storeHost}/${sha256Of(content)}` }).end();
}

function sendLarge(hub: HubServer, request: IncomingMessage, response: ServerResponse): unknown {
  note(hub, 'store', request);
  if (hub.fault?.(request, response, 'store')) return;
  const digest = (request.url ?? '').slice(1);
  const contents = Object.values(hub.repositories).flatMap(({ files }) => Object.values(files));
  const content = contents.find((candidate) => sha256Of(candidate) === digest);
  if (content === undefined) return fail(response, 404, 'no such blob');
  const range = /^bytes=(\d+)-$/.exec(request.headers.range ?? '');
  const start = Number(range?.[1] ?? 0);
  const rest = content.subarray(start);
  hub.sent += rest.length;
  if (range !== null) response.setHeader('content-range', `bytes ${start}-${content.length - 1}/${content.length}`);
  response.writeHead(range === null ? 200 : 206, { etag: `"${digest}"`, 'content-length': rest.length });
  if (request.method === 'HEAD') response.end();
  else if (hub.piece === 0) response.end(rest);
  else sendSlowly(rest, hub.piece, response);
}

function sendSlowly(content: Uint8Array, piece: number, response: ServerResponse): void {
  let sent = 0;
  const next = (): unknown => {
    if (response.destroyed) return null;
    if (sent >= content.length) return response.end();
    response.write(content.subarray(sent, sent + piece));
    sent += piece;
    return setTimeout(next, 2);
  };
  next();
}

function send(content: Uint8Array, request: IncomingMessage, response: ServerResponse): void {
  response.writeHead(200, { 'content-length': content.length });
  response.end(request.method === 'HEAD' ? undefined : content);
}

function json(response: ServerResponse, value: unknown): void {
  response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(value));
}

function fail(response: ServerResponse, status: number, error: string): void {
  response.setHeader('x-error-message', error);
  if (status === 401 || status === 404)
    response.setHeader('x-error-code', status === 401 ? 'RepoNotFound' : 'EntryNotFound');
  response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify({ error }));
}
