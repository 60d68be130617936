import { HubApiError, listFiles, modelInfo } from '@huggingface/hub';
import { SigboxError } from '../../errors.js';
import { isSafePath } from './model-name.js';
import { get, type RequestOptions, retried, TransientError } from './requests.js';
import type { HubSettings } from './settings.js';

/** A file of a repository, with the hash of its content. */
export interface RepositoryFile {
  path: string;
  bytes: number;
  /** SHA-256 of a large file; null for a small one, which Git itself holds. */
  sha256: string | null;
  /** What the hub calls the content, and the cache its blob: the SHA-256 of a large file, Git's SHA-1 of a small one. */
  etag: string;
}

export interface Repository {
  name: string;
  /** Of the revision that was asked for: 40 hexadecimal digits. */
  commit: string;
  files: RepositoryFile[];
  /** SPDX identifier, as the repository's card says; null: it says none. */
  license: string | null;
}

const COMMIT = /^[0-9a-f]{40}$/;
const DIGEST = /^[0-9a-f]{40}$|^[0-9a-f]{64}$/;

/**
 * Asks the hub what a repository holds at a revision.
 *
 * @throws SigboxError E_IO  no such repository or revision, no access to it, or no answer
 */
export async function askRepository(
  name: string,
  revision: string,
  settings: HubSettings,
  signal?: AbortSignal,
): Promise<Repository> {
  const asking = { hubUrl: settings.endpoint, fetch: fetching({ token: settings.token, signal }) };
  try {
    const ask = () => repositoryOf(name, revision, asking).catch(brokenOff);
    return await retried(`model hf:${name}`, ask, { signal });
  } catch (error) {
    throw error instanceof HubApiError ? refused(name, revision, error, settings) : error;
  }
}

type Asking = { hubUrl: string; fetch: typeof fetch };

async function repositoryOf(name: string, revision: string, asking: Asking): Promise<Repository> {
  const info = await modelInfo({ name, revision, additionalFields: ['sha', 'cardData'], ...asking });
  const { sha: commit, cardData } = info as { sha?: unknown; cardData?: { license?: unknown } };
  if (typeof commit !== 'string' || !COMMIT.test(commit)) throw nonsense(name, 'a commit of 40 hexadecimal digits');
  const files: RepositoryFile[] = [];
  for await (const entry of listFiles({ repo: name, revision: commit, recursive: true, ...asking })) {
    if (entry.type !== 'file') continue;
    const etag = entry.lfs?.oid ?? entry.oid ?? '';
    if (!DIGEST.test(etag) || !isSafePath(entry.path)) throw nonsense(name, 'paths and hashes of files');
    files.push({ path: entry.path, bytes: entry.lfs?.size ?? entry.size, sha256: entry.lfs?.oid ?? null, etag });
  }
  return { name, commit, files, license: typeof cardData?.license === 'string' ? cardData.license : null };
}

/** An answer that ends before it is whole is no JSON. */
function brokenOff(error: unknown): never {
  if (!(error instanceof TypeError || error instanceof SyntaxError)) throw error;
  throw new TransientError('the answer breaks off', { cause: error });
}

/** The library's requests, made by ours: with a proxy, time limits, and a token of any form. */
function fetching({ token = null, signal }: RequestOptions): typeof fetch {
  const request = (url: unknown) => get(String(url), { token, signal });
  return request as unknown as typeof fetch;
}

function nonsense(name: string, expected: string): SigboxError {
  const mend = 'Is HF_ENDPOINT the address of a model hub?';
  return new SigboxError(
    'E_IO',
    `model hf:${name}: expected ${expected} from the hub, received something else. ${mend}`,
  );
}

function refused(name: string, revision: string, { statusCode, message }: HubApiError, settings: HubSettings) {
  const { host } = new URL(settings.endpoint);
  const fail = (what: string) => new SigboxError('E_IO', `model hf:${name}: ${what}`);
  const page = `${settings.endpoint}/${name}`;
  if (statusCode === 404 && /revision/i.test(message)) {
    return fail(`${host} knows no revision "${revision}" of it. ${page}/tree/main lists them.`);
  }
  if (statusCode === 403) {
    return fail(`${host} refuses access. Ask for it at ${page}, and set HF_TOKEN to a token of that account.`);
  }
  // The hub answers 401 for what isn't there as well, so that private names can't be found out.
  if (statusCode === 401 || statusCode === 404) {
    const token = settings.token === null ? 'If it is private or gated, set HF_TOKEN.' : 'HF_TOKEN gives no access.';
    return fail(`${host} knows no such repository. ${token}`);
  }
  return fail(`${host} answers with status ${statusCode}.`);
}
