import { setTimeout as sleep } from 'node:timers/promises';
import { EnvHttpProxyAgent, type Response, fetch as undiciFetch } from 'undici';
import { reason, SigboxError } from '../../errors.js';

const CONNECT_MS = 15_000;
/** A server that sends nothing for this long is given up, and asked again for the rest. */
const SILENCE_MS = 30_000;
/** Tries of one request; the waits between them double from FIRST_WAIT_MS on. */
const TRIES = 5;
const FIRST_WAIT_MS = 500;
const LONGEST_WAIT_MS = 20_000;

/** A failure that may pass: the request is worth another try. */
export class TransientError extends Error {
  /** What the server asks to wait, if it does. */
  readonly waitMs: number | undefined;

  constructor(message: string, options: { cause?: unknown; waitMs?: number | undefined } = {}) {
    super(message, { cause: options.cause });
    this.waitMs = options.waitMs;
  }
}

export interface RequestOptions {
  /** Sent to this address's host only, never to one that it redirects to. */
  token?: string | null;
  headers?: Record<string, string>;
  signal?: AbortSignal | undefined;
}

/**
 * A GET request through HTTPS_PROXY, HTTP_PROXY and NO_PROXY, with time limits for connections and silence.
 *
 * @returns an answer of any status but 408, 429 and 5xx
 * @throws TransientError  no answer, or one of those
 */
export async function get(url: string, { token = null, headers = {}, signal }: RequestOptions = {}): Promise<Response> {
  const authorization = token === null ? {} : { authorization: `Bearer ${token}` };
  const response = await undiciFetch(url, {
    headers: { 'user-agent': 'sigbox', ...authorization, ...headers },
    dispatcher: agent(),
    redirect: 'follow', // the Fetch standard drops the authorization where a redirect leads to another host
    signal: signal ?? null,
  }).catch((cause) => {
    signal?.throwIfAborted();
    throw new TransientError(`${new URL(url).host} does not answer (${innermost(cause)})`, { cause });
  });
  const { status } = response;
  if (status !== 408 && status !== 429 && status < 500) return response;
  await response.body?.cancel();
  const waitMs = retryAfter(response.headers.get('retry-after'));
  throw new TransientError(`${new URL(response.url).host} answers with status ${status}`, { waitMs });
}

let shared: EnvHttpProxyAgent | undefined;

function agent(): EnvHttpProxyAgent {
  shared ??= new EnvHttpProxyAgent({
    connect: { timeout: CONNECT_MS },
    headersTimeout: SILENCE_MS,
    bodyTimeout: SILENCE_MS,
    keepAliveTimeout: 1_000, // a connection that is kept must not keep a process
  });
  return shared;
}

/**
 * Repeats what fails for a reason that may pass, with longer and longer waits between.
 *
 * @param progressed  asked after a failure: whether more is there than before it, which makes the count begin again
 * @throws SigboxError E_IO  it failed too often
 */
export async function retried<T>(
  what: string,
  attempt: () => Promise<T>,
  { signal, progressed = () => false }: { signal?: AbortSignal | undefined; progressed?: () => boolean } = {},
): Promise<T> {
  for (let tries = 1; ; tries++) {
    try {
      return await attempt();
    } catch (error) {
      signal?.throwIfAborted();
      if (!(error instanceof TransientError)) throw error;
      if (progressed()) tries = 0;
      if (tries === TRIES) throw gaveUp(what, error);
      const wait = error.waitMs ?? FIRST_WAIT_MS * 2 ** tries;
      await sleep(Math.min(wait, LONGEST_WAIT_MS), undefined, { signal });
    }
  }
}

function gaveUp(what: string, cause: TransientError): SigboxError {
  const mend = 'Check the connection and HTTPS_PROXY, then run this again: what is there already is not fetched again.';
  return new SigboxError('E_IO', `${what}: cannot be fetched: ${cause.message}, ${TRIES} times. ${mend}`, { cause });
}

function retryAfter(value: string | null): number | undefined {
  const seconds = Number(value);
  return value === null || !Number.isFinite(seconds) ? undefined : seconds * 1_000;
}

/** fetch says "fetch failed" and keeps the reason inside. */
function innermost(error: unknown): string {
  let inner = error;
  while (inner instanceof Error && inner.cause instanceof Error) inner = inner.cause;
  return (inner as NodeJS.ErrnoException).code ?? reason(inner);
}
