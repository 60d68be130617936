import { constants, copyFile, link, readdir, readFile, realpath, rm, stat, symlink } from 'node:fs/promises';
import { basename, dirname, join, relative, sep } from 'node:path';
import { makeFolder } from '../../files/make-folder.js';
import { writeWhole } from '../../files/write-whole.js';
import type { HubSettings } from './settings.js';

// Layout of Hugging Face's cache, which Python's huggingface_hub reads and writes as well:
// models--ORG--NAME/blobs/ETAG, refs/REVISION (a text file with a commit), snapshots/COMMIT/PATH (a link to a blob).

const REPOSITORY = /^models--([^/]+?)--(.+)$/;
const COMMIT = /^[0-9a-f]{40}$/;

/** A repository's part of the cache. */
export class CachedRepository {
  readonly folder: string;
  readonly #settings: HubSettings;
  readonly #folderName: string;

  /** @param name  ORG/NAME */
  constructor(name: string, settings: HubSettings) {
    this.#folderName = `models--${name.replace('/', '--')}`;
    this.folder = join(settings.cache, this.#folderName);
    this.#settings = settings;
  }

  /** The commit of a branch or tag, as it was when it was last asked for. @returns null: it never was */
  async commitOf(revision: string): Promise<string | null> {
    if (COMMIT.test(revision)) return (await isThere(join(this.folder, 'snapshots', revision))) ? revision : null;
    const text = await readFile(join(this.folder, 'refs', revision), 'utf8').catch(() => '');
    return COMMIT.test(text.trim()) ? text.trim() : null;
  }

  async setCommit(revision: string, commit: string): Promise<void> {
    if (COMMIT.test(revision) || (await this.commitOf(revision)) === commit) return;
    await writeWhole(join(this.folder, 'refs', revision), [commit]);
  }

  blob(etag: string): string {
    return join(this.folder, 'blobs', etag);
  }

  /** Where processes that fetch a blob wait for each other. */
  lock(etag: string): string {
    return join(this.#settings.cache, '.locks', this.#folderName, `${etag}.sigbox.lock`);
  }

  snapshot(commit: string, path = ''): string {
    return join(this.folder, 'snapshots', commit, path);
  }

  /** Paths of the files of a snapshot that are whole. */
  async files(commit: string): Promise<string[]> {
    const root = this.snapshot(commit);
    const entries = await readdir(root, { recursive: true, withFileTypes: true }).catch(() => []);
    const paths = entries.flatMap((entry) => (entry.isDirectory() ? [] : [join(entry.parentPath, entry.name)]));
    const there = await Promise.all(paths.map(isThere)); // a link whose blob was deleted is not
    return paths
      .filter((_, i) => there[i])
      .map((path) => relative(root, path).replaceAll(sep, '/'))
      .sort();
  }

  /** Puts a blob under its path in a snapshot: as a link; where that is not possible or not wanted, as a copy. */
  async place(commit: string, path: string, etag: string): Promise<void> {
    const [blob, file] = [this.blob(etag), this.snapshot(commit, path)];
    await makeFolder(dirname(file));
    for (const way of [...(this.#settings.symlinks ? [linkTo] : []), link, copyNew]) {
      if (await isThere(file)) return; // another process may be as far
      await rm(file, { force: true }); // a link to a blob that was deleted
      if (await done(way(blob, file))) return;
    }
    if (!(await isThere(file))) await copyNew(blob, file); // throws what is in the way
  }

  /** The hash that a file of a snapshot must have. @returns null where the cache does not say: it is a copy */
  async etagOf(commit: string, path: string): Promise<string | null> {
    const name = basename(await realpath(this.snapshot(commit, path)));
    return /^([0-9a-f]{40}|[0-9a-f]{64})$/.test(name) ? name : null;
  }
}

/** A repository in the cache, for people. */
export interface CacheEntry {
  /** ORG/NAME */
  name: string;
  folder: string;
  /** Paths of ONNX files by commit. */
  models: { commit: string; path: string }[];
  /** Of all blobs and copies. */
  bytes: number;
}

/** The repositories in the cache that hold ONNX files, by name. */
export async function cachedRepositories(settings: HubSettings): Promise<CacheEntry[]> {
  const names = (await readdir(settings.cache).catch(() => [])).sort();
  const entries = await Promise.all(names.map((name) => entryOf(name, settings)));
  return entries.filter((entry) => entry !== null);
}

async function entryOf(folderName: string, settings: HubSettings): Promise<CacheEntry | null> {
  const [, org, repository] = REPOSITORY.exec(folderName) ?? [];
  if (org === undefined || repository === undefined) return null;
  const name = `${org}/${repository}`;
  const cached = new CachedRepository(name, settings);
  const commits = await readdir(cached.snapshot('')).catch(() => []);
  const models: CacheEntry['models'] = [];
  for (const commit of commits) {
    for (const path of await cached.files(commit)) if (/\.onnx$/i.test(path)) models.push({ commit, path });
  }
  return models.length === 0 ? null : { name, folder: cached.folder, models, bytes: await bytesIn(cached.folder) };
}

/** Of all files below a folder, each once however many links it has. */
export async function bytesIn(folder: string): Promise<number> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true }).catch(() => []);
  const files = new Map<string, number>();
  for (const entry of entries) {
    if (!entry.isFile()) continue;
    const found = await stat(join(entry.parentPath, entry.name)).catch(() => null);
    if (found !== null) files.set(`${found.dev}:${found.ino}`, found.size);
  }
  return [...files.values()].reduce((sum, bytes) => sum + bytes, 0);
}

async function linkTo(blob: string, file: string): Promise<void> {
  await symlink(relative(dirname(file), blob), file);
}

async function copyNew(blob: string, file: string): Promise<void> {
  await copyFile(blob, file, constants.COPYFILE_EXCL);
}

async function isThere(file: string): Promise<boolean> {
  return done(stat(file));
}

async function done(work: Promise<unknown>): Promise<boolean> {
  return work.then(
    () => true,
    () => false,
  );
}
