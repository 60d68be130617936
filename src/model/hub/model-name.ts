import { existsSync } from 'node:fs';
import { complain, type SigboxError } from '../../errors.js';
import { type KnownModel, knownModel } from './known-models.js';

/** A model in a repository of the hub. */
export interface HubModel {
  kind: 'hub';
  /** ORG/NAME */
  repo: string;
  /** A branch, tag or commit. */
  revision: string;
  /** Path of the ONNX file in the repository; null: to be chosen. */
  file: string | null;
  /** Of the ONNX file, where it is known before it is fetched. */
  sha256: string | null;
}

/** A model at a web address. */
export interface WebModel {
  kind: 'web';
  /** Without the hash. */
  url: string;
  sha256: string;
}

/** Branch of a repository that is meant where a name says none. */
export const DEFAULT_REVISION = 'main';

const HUB = 'hf:';
const SEGMENT = /^[\w][\w.-]*$/;
const SHA256 = /^[0-9a-f]{64}$/;

/**
 * Where the model of a name lies, if it isn't on this machine.
 *
 * - `hf:ORG/NAME`, `hf:ORG/NAME@REVISION`, `hf:ORG/NAME@REVISION/path/model.onnx`
 * - `https://HOST/model.onnx#sha256=DIGEST`
 * - a short name of `KNOWN_MODELS`, unless there is a file of that name
 *
 * @returns null for anything else: it is a path
 * @throws SigboxError E_ARGUMENT  a name of one of these forms that is incomplete
 */
export function remoteModel(name: string): HubModel | WebModel | null {
  if (name.startsWith(HUB)) return hubModel(name);
  if (/^https?:\/\//i.test(name)) return webModel(name);
  const known = knownModel(name);
  return known === undefined || existsSync(name) ? null : sourceOf(known);
}

function sourceOf({ source, sha256 }: KnownModel): HubModel | WebModel {
  return 'url' in source ? { kind: 'web', url: source.url, sha256 } : { kind: 'hub', ...source, sha256 };
}

function hubModel(name: string): HubModel {
  const [org = '', rest = '', ...path] = name.slice(HUB.length).split('/');
  const [repository = '', revision = DEFAULT_REVISION, ...more] = rest.split('@');
  const file = path.length === 0 ? null : path.join('/');
  const named = decoded(revision);
  const valid =
    SEGMENT.test(org) &&
    SEGMENT.test(repository) &&
    named !== null &&
    isSafePath(named) &&
    more.length === 0 &&
    (file === null || (isSafePath(file) && file.toLowerCase().endsWith('.onnx')));
  if (valid) return { kind: 'hub', repo: `${org}/${repository}`, revision: named, file, sha256: null };
  throw malformed(name, 'hf:ORG/NAME, hf:ORG/NAME@REVISION or hf:ORG/NAME@REVISION/FILE.onnx');
}

/** `refs%2Fpr%2F1` is a revision with slashes. */
function decoded(revision: string): string | null {
  try {
    return decodeURIComponent(revision);
  } catch {
    return null;
  }
}

/** Names of a repository become paths of the cache: none may lead out of it. */
export function isSafePath(path: string): boolean {
  return path.split('/').every((part) => part !== '' && part !== '.' && part !== '..' && !/[\\:\p{Cc}]/u.test(part));
}

function webModel(name: string): WebModel {
  const url = URL.canParse(name) ? new URL(name) : null;
  if (url === null || url.username !== '' || url.password !== '') throw malformed(name, 'a web address without a user');
  const [key, digest = ''] = url.hash.slice(1).split('=');
  const sha256 = digest.toLowerCase();
  url.hash = '';
  if (key === 'sha256' && SHA256.test(sha256)) return { kind: 'web', url: url.href, sha256 };
  const mend = 'Only a file with a known hash is fetched: sha256sum FILE prints it.';
  throw malformed(name, 'an address that ends in #sha256= and 64 hexadecimal digits', mend);
}

function malformed(received: string, expected: string, mend?: string): SigboxError {
  return complain('E_ARGUMENT', { where: 'model', expected, received, ...(mend === undefined ? {} : { mend }) });
}
