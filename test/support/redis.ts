import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { promisify } from 'node:util';
import { describe, onTestFinished } from 'vitest';
import { freePort } from './free-port.js';
import { temporaryFolder } from './temporary-folder.js';

const found = await promisify(execFile)('redis-server', ['--version']).then(
  () => true,
  () => false,
);
if (!found) console.warn('redis-server is missing: the tests with a queue are skipped. Debian has it as redis-server.');

/** Tests that need a Redis server; skipped where there is none. */
export const withRedis = describe.skipIf(!found);

/** A Redis server of its own, which ends with the test. */
export interface RedisServer {
  url: string;
  process: ChildProcess;
  port: number;
  stop(): Promise<void>;
}

/** @param given  the port of a server that was stopped; further words for its command line */
export async function startRedis({ port, more = [] }: { port?: number; more?: string[] } = {}): Promise<RedisServer> {
  const at = port ?? (await freePort());
  const folder = await temporaryFolder();
  const args = ['--port', String(at), '--bind', '127.0.0.1', '--save', '', '--appendonly', 'no', '--dir', folder];
  const child = spawn('redis-server', [...args, ...more], { stdio: ['ignore', 'pipe', 'ignore'] });
  const ended = once(child, 'exit');
  const stop = async () => {
    child.kill('SIGKILL');
    await ended;
  };
  onTestFinished(stop);
  for await (const text of child.stdout.setEncoding('utf8') as AsyncIterable<string>) {
    if (text.includes('Ready to accept connections')) break;
  }
  child.stdout.resume();
  if (child.exitCode !== null) throw new Error(`redis-server ended with status ${child.exitCode}`);
  return { url: `redis://127.0.0.1:${at}`, process: child, port: at, stop };
}
