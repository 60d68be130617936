import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { SigboxError } from '../../errors.js';
import { bytesIn, CachedRepository, type CacheEntry, cachedRepositories } from './cache.js';
import { hasContent } from './content-hash.js';
import { KNOWN_MODELS } from './known-models.js';
import { remoteModel } from './model-name.js';
import { webFile } from './pull-model.js';
import { hubSettings } from './settings.js';

/**
 * The models in the cache.
 *
 * @returns `known`: the short names whose file is there; `entries`: repositories with ONNX files, by name
 */
export async function cachedModels(
  settings = hubSettings(),
): Promise<{ known: ReadonlySet<string>; entries: CacheEntry[] }> {
  const entries = await cachedRepositories(settings);
  const known = new Set<string>();
  for (const { name, source, sha256 } of KNOWN_MODELS) {
    const there =
      'url' in source
        ? await hasContent(webFile(source.url, sha256, settings), sha256).catch(() => false)
        : entries.some((entry) => entry.name === source.repo && entry.models.some(({ path }) => path === source.file));
    if (there) known.add(name);
  }
  return { known, entries };
}

/**
 * Deletes a repository, or the file of an address, from the cache: all its revisions.
 *
 * @returns what was freed
 * @throws SigboxError E_ARGUMENT  not a name. E_IO  it isn't in the cache, or can't be deleted
 */
export async function removeModel(name: string, settings = hubSettings()): Promise<{ bytes: number; folder: string }> {
  const remote = remoteModel(name.includes(':') || !name.includes('/') ? name : `hf:${name}`);
  if (remote === null) {
    throw new SigboxError('E_ARGUMENT', `models remove: expected a name that sigbox models lists, received ${name}.`);
  }
  const folder =
    remote.kind === 'hub' ? new CachedRepository(remote.repo, settings).folder : join(settings.webCache, remote.sha256);
  const bytes = await bytesIn(folder);
  if (bytes === 0) throw new SigboxError('E_IO', `models remove: ${name} is not in the cache: there is no ${folder}.`);
  await rm(folder, { recursive: true });
  return { bytes, folder };
}
