import { rm } from 'node:fs/promises';
import { basename, join, posix } from 'node:path';
import { SigboxError } from '../../errors.js';
import { readModel } from '../onnx/metadata.js';
import { CachedRepository } from './cache.js';
import { chooseFile, type FileVariant } from './choose-file.js';
import { hasContent } from './content-hash.js';
import { fetchBlob } from './fetch-blob.js';
import { type HubModel, isSafePath, remoteModel, type WebModel } from './model-name.js';
import { askRepository, type Repository, type RepositoryFile } from './repository.js';
import { type HubSettings, hubSettings } from './settings.js';

/** A model that was named, on this machine. */
export interface PulledModel {
  /** Path of the ONNX file in the cache. */
  file: string;
  /** The name that gives this very file again: `hf:ORG/NAME@COMMIT/PATH`, or the address. */
  name: string;
  /** Commit of the repository; null: it is from another address. */
  revision: string | null;
  /** Of the ONNX file, lower-case hexadecimal; null where the cache holds a copy without it. */
  sha256: string | null;
  /** As the repository's card says; null: it says none, or nobody was asked. */
  license: string | null;
  /** The commit that the branch was at when it was last fetched, where it has moved since. */
  movedFrom: string | null;
}

export interface PullOptions {
  /** Which of several ONNX files. Default 'fp32' */
  variant?: FileVariant | undefined;
  /** Ask the hub even where the cache has the model: a branch may have moved. Default false */
  refresh?: boolean;
  signal?: AbortSignal | undefined;
  /** Called with each piece that comes. @param bytes  null: not known */
  onProgress?: ((file: string, received: number, bytes: number | null) => void) | undefined;
  /** Called before anything is fetched. @param notice  what to know of the model: its licence, the chosen file */
  onNotice?: ((notice: string) => void) | undefined;
  /** Default: what the environment says */
  settings?: HubSettings;
}

/**
 * Brings a model that is named by a repository or address onto this machine, if it isn't there yet. Its hash is compared
 * each time. What is in the cache is used without a request.
 *
 * @param name  `hf:ORG/NAME[@REVISION][/FILE.onnx]`, `https://…/model.onnx#sha256=…`, or a short name
 * @throws SigboxError E_ARGUMENT  not such a name; a repository with no or several fitting ONNX files. E_IO  it can't be
 *   fetched or written, or has another hash. E_MODEL  the file is no ONNX file
 */
export async function pullModel(name: string, options: PullOptions = {}): Promise<PulledModel> {
  const remote = remoteModel(name);
  if (remote === null) {
    const forms = 'hf:ORG/NAME, https://…#sha256=… or a short name that sigbox models lists';
    throw new SigboxError('E_ARGUMENT', `model: expected ${forms}, received ${JSON.stringify(name)}.`);
  }
  const settings = options.settings ?? hubSettings();
  return remote.kind === 'web' ? pullWeb(remote, settings, options) : pullHub(remote, settings, options);
}

async function pullWeb({ url, sha256 }: WebModel, settings: HubSettings, options: PullOptions): Promise<PulledModel> {
  const file = webFile(url, sha256, settings);
  const pulled = { file, name: `${url}#sha256=${sha256}`, revision: null, sha256, license: null, movedFrom: null };
  if (await hasContent(file, sha256).catch(() => false)) return pulled;
  await rm(file, { force: true }); // it is another content by now
  if (settings.offline) throw offline(url, settings.webCache);
  const onProgress = (received: number, bytes: number | null) => options.onProgress?.(basename(file), received, bytes);
  await fetchBlob({ what: `model ${url}`, url, etag: sha256, bytes: null }, file, {
    signal: options.signal,
    onProgress,
  });
  return pulled;
}

/** Where the model of an address lies, under the last part of it as far as every system takes that. */
export function webFile(url: string, sha256: string, { webCache }: HubSettings): string {
  const name = posix.basename(new URL(url).pathname).replace(/[^\w.-]/g, '_');
  return join(webCache, sha256, /^\w.*\.onnx$/i.test(name) ? name : 'model.onnx');
}

async function pullHub(model: HubModel, settings: HubSettings, options: PullOptions): Promise<PulledModel> {
  const cached = new CachedRepository(model.repo, settings);
  const known = await cached.commitOf(model.revision);
  const found = known === null ? null : await findCached(model, cached, known, options);
  if (found !== null && (!options.refresh || settings.offline)) return found;
  if (settings.offline) throw offline(`hf:${model.repo}`, settings.cache);
  const repository = await askRepository(model.repo, model.revision, settings, options.signal);
  const chosen = chooseFile(repository, model.file, options.variant ?? 'fp32');
  requirePinned(model, chosen);
  tell(model, repository, chosen, options);
  const pull = new RepositoryPull(repository, cached, settings, options);
  await pull.all(chosen);
  await cached.setCommit(model.revision, repository.commit);
  return {
    ...pulledFrom(model, cached, repository.commit, chosen.path, chosen.sha256),
    license: repository.license,
    movedFrom: known === repository.commit ? null : known,
  };
}

/** @returns null where the cache lacks the model, or a part of it */
async function findCached(
  model: HubModel,
  cached: CachedRepository,
  commit: string,
  { variant = 'fp32' }: PullOptions,
): Promise<PulledModel | null> {
  const files = (await cached.files(commit)).map((path) => ({ path, bytes: 0, sha256: null, etag: '' }));
  if (!files.some(({ path }) => (model.file === null ? /\.onnx$/i.test(path) : path === model.file))) return null;
  const { path } = chooseFile({ name: model.repo, commit, files, license: null }, model.file, variant);
  const etag = (await cached.etagOf(commit, path)) ?? model.sha256;
  const file = cached.snapshot(commit, path);
  const right = etag === null || (etag === (model.sha256 ?? etag) && (await hasContent(file, etag)));
  if (!right) {
    await rm(cached.blob(etag!), { force: true });
    await rm(file, { force: true });
    return null;
  }
  const parts = weightFiles(file, path);
  if (parts.some((part) => !files.some((other) => other.path === part))) return null;
  return pulledFrom(model, cached, commit, path, etag?.length === 64 ? etag : null);
}

function pulledFrom(
  { repo }: HubModel,
  cached: CachedRepository,
  commit: string,
  path: string,
  sha256: string | null,
): PulledModel {
  const name = `hf:${repo}@${commit}/${path}`;
  return { file: cached.snapshot(commit, path), name, revision: commit, sha256, license: null, movedFrom: null };
}

function requirePinned({ repo, revision, sha256 }: HubModel, chosen: RepositoryFile): void {
  if (sha256 === null || chosen.sha256 === sha256) return;
  const message = `model hf:${repo}@${revision}: expected ${chosen.path} with the SHA-256 ${sha256}, the hub has ${chosen.etag}.`;
  throw new SigboxError('E_IO', `${message} If you trust it, name it: --model hf:${repo}/${chosen.path}.`);
}

const COPYLEFT = /\b(agpl|gpl|sspl)/i;

function tell(
  { repo, file }: HubModel,
  { files, license }: Repository,
  chosen: RepositoryFile,
  { onNotice }: PullOptions,
) {
  const others = files.filter(({ path }) => /\.onnx$/i.test(path)).length - 1;
  if (file === null && others > 0) onNotice?.(`hf:${repo}: ${chosen.path} is taken, of ${others + 1} ONNX files.`);
  if (license === null) onNotice?.(`hf:${repo} names no licence: see its page before you use it.`);
  else if (COPYLEFT.test(license)) {
    onNotice?.(
      `hf:${repo} is under ${license}: an application that uses it may have to be published under it as well.`,
    );
  }
}

/** Files beside a model that say what it is: beside the ONNX file, or above a folder onnx/ that it lies in. */
const SIDECARS = [
  ...['config.json', 'preprocessor_config.json', 'infer_cfg.yml', 'pipeline.json', 'data.yaml'],
  ...['labels.txt', 'classes.txt', 'obj.names', 'labels.json'],
];

/** Fetches the files of one model, small ones first, and the model itself last but for its weights. */
class RepositoryPull {
  readonly #repository: Repository;
  readonly #cached: CachedRepository;
  readonly #settings: HubSettings;
  readonly #options: PullOptions;

  constructor(repository: Repository, cached: CachedRepository, settings: HubSettings, options: PullOptions) {
    this.#repository = repository;
    this.#cached = cached;
    this.#settings = settings;
    this.#options = options;
  }

  async all(chosen: RepositoryFile): Promise<void> {
    for (const file of this.#sidecarsOf(chosen.path)) await this.#one(file);
    await this.#one(chosen);
    for (const path of weightFiles(this.#cached.snapshot(this.#repository.commit, chosen.path), chosen.path)) {
      await this.#one(this.#weights(path, chosen));
    }
  }

  #sidecarsOf(path: string): RepositoryFile[] {
    const folder = posix.dirname(path);
    const folders = posix.basename(folder) === 'onnx' ? [folder, posix.dirname(folder)] : [folder];
    const wanted = new Set(folders.flatMap((place) => SIDECARS.map((name) => posix.join(place, name))));
    return this.#repository.files.filter((file) => wanted.has(file.path));
  }

  #weights(path: string, { path: model }: RepositoryFile): RepositoryFile {
    const found = this.#repository.files.find((file) => file.path === path);
    if (found !== undefined) return found;
    const message = `model hf:${this.#repository.name}/${model}: its weights are in ${path}, which the repository lacks.`;
    throw new SigboxError('E_MODEL', message);
  }

  async #one({ path, bytes, etag }: RepositoryFile): Promise<void> {
    const { name, commit } = this.#repository;
    const { endpoint, token } = this.#settings;
    const { signal, onProgress } = this.#options;
    const address = `${endpoint}/${name}/resolve/${commit}/${path.split('/').map(encodeURIComponent).join('/')}`;
    const blob = { what: `model hf:${name}/${path}`, url: address, etag, bytes };
    const file = this.#cached.blob(etag);
    if (!(await hasContent(file, etag).catch(() => false))) await rm(file, { force: true });
    await fetchBlob(blob, file, {
      ...{ token, signal, lock: this.#cached.lock(etag) },
      onProgress: (received, all) => onProgress?.(path, received, all),
    });
    await this.#cached.place(commit, path, etag);
  }
}

/** Paths in the repository of the files that hold a model's weights. */
function weightFiles(file: string, path: string): string[] {
  const paths = readModel(file).weightFiles.map((part) => posix.normalize(posix.join(posix.dirname(path), part)));
  return paths.filter(isSafePath);
}

function offline(what: string, cache: string): SigboxError {
  const message = `model ${what}: it is not in ${cache}, and HF_HUB_OFFLINE forbids fetching it.`;
  return new SigboxError(
    'E_IO',
    `${message} Unset it, or fetch the model on another machine and copy that cache folder.`,
  );
}
