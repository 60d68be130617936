import type { Redis } from 'ioredis';
import { complain, reason } from '../../../errors.js';
import { loadOptional } from '../../../files/package-files.js';

type QueuePackages = Pick<typeof import('bullmq'), 'Queue' | 'Worker' | 'UnrecoverableError' | 'WaitingError'> &
  Pick<typeof import('ioredis'), 'Redis'>;

/** What a queue needs of its two packages: nobody without one installs or loads them. */
export async function loadPackages(): Promise<QueuePackages> {
  const load = () => Promise.all([import('bullmq'), import('ioredis')]);
  const [{ Queue, Worker, UnrecoverableError, WaitingError }, { Redis }] = await loadOptional(
    'queue',
    ['bullmq', 'ioredis'],
    load,
  );
  return { Queue, Worker, UnrecoverableError, WaitingError, Redis };
}

/** A connection that comes back whenever Redis does. */
export interface RedisConnection {
  client: Redis;
  /** For messages: without credentials. */
  name: string;
}

/** Between attempts to connect again, at most. */
const RETRY_MS = 2_000;

/**
 * Connects to the Redis of a queue.
 *
 * @param url  `redis://…` or `rediss://…`; where it has no password, the variable REDISCLI_AUTH is one, as for redis-cli
 * @throws SigboxError E_ARGUMENT  no such URL. E_IO  it can't be reached, or refuses the password. Neither has credentials,
 *   not even in its cause: errors of ioredis hold the commands that they are about
 */
export async function connectRedis(url: string): Promise<RedisConnection> {
  const name = redisName(url);
  const { Redis } = await loadPackages();
  const password = process.env.REDISCLI_AUTH;
  const client = new Redis(url, {
    lazyConnect: true,
    maxRetriesPerRequest: null,
    retryStrategy: (attempt) => Math.min(100 * attempt, RETRY_MS),
    ...(new URL(url).password === '' && password !== undefined && { password }),
  });
  let last: unknown;
  const note = (error: unknown) => {
    last = error;
  };
  client.on('error', note);
  try {
    await client.connect();
    await client.ping();
    client.off('error', note);
    client.on('error', () => {}); // it connects again by itself; the worker says what it waits for
    return { client, name };
  } catch (error) {
    client.disconnect();
    const mend = 'Is it running there, and is the password right?';
    const received = reason(last ?? error);
    throw complain('E_IO', { where: name, expected: 'a Redis server that answers', received, mend });
  }
}

/** A URL of Redis for people. @throws SigboxError E_ARGUMENT  it is none */
export function redisName(url: string): string {
  const found = URL.canParse(url) ? new URL(url) : null;
  if (found !== null && ['redis:', 'rediss:'].includes(found.protocol) && found.hostname !== '') {
    return `${found.protocol}//${found.host}${found.pathname === '/' ? '' : found.pathname}`;
  }
  const received = found === null ? 'something else' : `a URL of ${found.protocol}`; // it may hold a password
  const expected = 'the URL of a Redis server, as redis://localhost:6379';
  throw complain('E_ARGUMENT', { where: 'queue', expected, received });
}
