import { readFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';

/** Scripts of some folders as they are, on localhost, and an empty page at /. */
export async function serve(folders: readonly string[]): Promise<AsyncDisposable & { url: string }> {
  const server = createServer(async ({ url = '/' }, response) => {
    const script = /\.m?js$/.test(url);
    try {
      const read = () => Promise.any(folders.map((folder) => readFile(join(folder, url))));
      const body = script ? await read() : '<!doctype html><title>sigbox</title>';
      response.writeHead(200, { 'content-type': script ? 'text/javascript' : 'text/html' }).end(body);
    } catch {
      response.writeHead(404).end();
    }
  });
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}`,
    [Symbol.asyncDispose]: () => new Promise((closed) => void server.close(() => closed())),
  };
}
