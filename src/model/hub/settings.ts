import { readFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { complain } from '../../errors.js';

/** What the environment says about the model hub, by the variables that Python's huggingface_hub reads. */
export interface HubSettings {
  /** Folder of the shared cache. HF_HUB_CACHE, else HF_HOME/hub, else XDG_CACHE_HOME or ~/.cache with huggingface/hub */
  cache: string;
  /** Folder of models that are fetched from other addresses. XDG_CACHE_HOME or ~/.cache with sigbox/models */
  webCache: string;
  /** HF_ENDPOINT, without a slash at the end. Default https://huggingface.co */
  endpoint: string;
  /** HF_TOKEN, else the file HF_TOKEN_PATH, else HF_HOME/token; null: none */
  token: string | null;
  /** HF_HUB_OFFLINE */
  offline: boolean;
  /** false: snapshots hold copies. HF_HUB_DISABLE_SYMLINKS */
  symlinks: boolean;
}

type Environment = Readonly<Record<string, string | undefined>>;

/** @throws SigboxError E_ARGUMENT  HF_ENDPOINT is no web address */
export function hubSettings(env: Environment = process.env): HubSettings {
  const caches = path(env.XDG_CACHE_HOME) ?? join(homedir(), '.cache');
  const home = path(env.HF_HOME) ?? join(caches, 'huggingface');
  return {
    cache: path(env.HF_HUB_CACHE) ?? path(env.HUGGINGFACE_HUB_CACHE) ?? join(home, 'hub'),
    webCache: join(caches, 'sigbox', 'models'),
    endpoint: endpoint(env.HF_ENDPOINT),
    token:
      text(env.HF_TOKEN) ??
      text(env.HUGGING_FACE_HUB_TOKEN) ??
      fromFile(path(env.HF_TOKEN_PATH) ?? join(home, 'token')),
    offline: isOn(env.HF_HUB_OFFLINE),
    symlinks: !isOn(env.HF_HUB_DISABLE_SYMLINKS),
  };
}

function endpoint(value: string | undefined): string {
  const address = text(value) ?? 'https://huggingface.co';
  if (/^https?:\/\//.test(address) && URL.canParse(address)) return address.replace(/\/+$/, '');
  throw complain('E_ARGUMENT', { where: 'HF_ENDPOINT', expected: 'a web address', received: address });
}

function text(value: string | undefined): string | null {
  const trimmed = value?.trim() ?? '';
  return trimmed === '' ? null : trimmed;
}

function path(value: string | undefined): string | null {
  const given = text(value);
  if (given === null) return null;
  return given === '~' || given.startsWith('~/') ? join(homedir(), given.slice(1)) : given;
}

function fromFile(file: string): string | null {
  try {
    return text(readFileSync(file, 'utf8'));
  } catch {
    return null; // nobody has logged in here
  }
}

function isOn(value: string | undefined): boolean {
  return ['1', 'ON', 'YES', 'TRUE'].includes((value ?? '').trim().toUpperCase());
}
