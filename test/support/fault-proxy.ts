import { once } from 'node:events';
import { createServer, type IncomingMessage, request, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

/** What may become of a request. */
const FAULTS = ['500', '503', 'slow', 'reset', 'cut off'] as const;

export interface FaultProxy {
  port: number;
  /** How often each fault has happened. */
  counts: Record<string, number>;
  close(): void;
}

/**
 * A proxy in front of an HTTP server of this machine, some of whose answers are errors, late, or end too early.
 *
 * @param how.share   of the requests that a fault befalls
 * @param how.random  numbers in [0, 1)
 */
export async function faultProxy(
  target: number,
  { share, random }: { share: number; random: () => number },
): Promise<FaultProxy> {
  const counts: Record<string, number> = {};
  const server = createServer((incoming, outgoing) => {
    const fault = random() < share ? FAULTS[Math.floor(random() * FAULTS.length)]! : null;
    if (fault !== null) counts[fault] = (counts[fault] ?? 0) + 1;
    if (fault === 'reset') incoming.socket.resetAndDestroy();
    else if (fault === '500' || fault === '503') {
      incoming.resume();
      outgoing.writeHead(Number(fault), { 'content-type': 'application/xml' });
      outgoing.end(
        `<Error><Code>${fault === '503' ? 'SlowDown' : 'InternalError'}</Code><Message>fault</Message></Error>`,
      );
    } else setTimeout(() => pass(target, incoming, outgoing, fault === 'cut off'), fault === 'slow' ? 3_000 : 0);
  });
  server.on('clientError', (_, socket) => socket.destroy());
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    port: (server.address() as AddressInfo).port,
    counts,
    close: () => {
      server.close();
      server.closeAllConnections();
    },
  };
}

function pass(target: number, incoming: IncomingMessage, outgoing: ServerResponse, isCut: boolean): void {
  const { method, url, headers } = incoming;
  const onward = request({ host: '127.0.0.1', port: target, method, path: url, headers }, (answer) => {
    outgoing.writeHead(answer.statusCode ?? 502, answer.headers);
    if (!isCut) answer.pipe(outgoing);
    else {
      answer.once('data', (piece: Buffer) => {
        outgoing.write(piece.subarray(0, Math.floor(piece.length / 2)), () => incoming.socket.resetAndDestroy());
      });
      answer.once('end', () => incoming.socket.destroy());
    }
  });
  onward.on('error', () => outgoing.destroy());
  incoming.pipe(onward);
}
