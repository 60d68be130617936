import { lstat } from 'node:fs/promises';
import { join, relative, sep } from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import { pMapIterable } from 'p-map';
import { SigboxError } from '../../errors.js';
import { isBucket } from '../inputs/bucket-inputs.js';
import type { Discovery, InputImage } from '../inputs/discover.js';
import { fileState, isSameState } from '../inputs/file-state.js';
import type { Journal } from './journal.js';
import type { FileState } from './record.js';
import type { RunHeader } from './run-header.js';

/** What there is still to do of a run, and what became of its images since they were recorded. */
export interface Resumption {
  /** Images without a record, in the order given. */
  todo: InputImage[];
  /** Names of images that are other files than they were; they are to be done again. */
  changed: string[];
  /** Names of images that are no more. */
  removed: string[];
  /** Names of images that failed and are to be tried again. */
  retried: string[];
}

/** Files that are looked at side by side. */
const AT_ONCE = 16;

/**
 * Refuses to go on with a run that is another one.
 *
 * Not compared: score thresholds and what becomes of regions that violate rules, which apply where results are used; `lenient`, which only concerns images that would
 * fail; where the model lies; what the inputs were called; versions, for which `versionsChanged` has words.
 *
 * @throws SigboxError E_ARGUMENT  naming everything that differs
 */
export function requireSameRun(folder: string, before: RunHeader, now: RunHeader): void {
  const differences = differencesOf(before, now);
  if (differences.length === 0) return;
  throw new SigboxError(
    'E_ARGUMENT',
    `${folder}: expected a run of the same model, options and inputs, received another: ${differences.join('; ')}. ` +
      'Use another folder, or --restart, which removes the recorded results and starts over.',
  );
}

/**
 * Whether the images that were found are those of the record, wherever their folder is now: all that it has results of are
 * there, each with the size that it had.
 */
export async function isMoved({ results }: Journal, found: Discovery): Promise<boolean> {
  const byName = new Map(found.images.map((image) => [image.name, image]));
  const isSame = async (name: string) => {
    const image = byName.get(name);
    return image !== undefined && (await stateOf(image, false))?.bytes === results.get(name)?.file.bytes;
  };
  for await (const same of pMapIterable(results.images(), isSame, { concurrency: AT_ONCE })) if (!same) return false;
  return results.size > 0;
}

/** What differs between two runs of which one could go on with the other, for people. */
export function differencesOf(before: RunHeader, now: RunHeader): string[] {
  const comparable = (header: RunHeader): Record<string, object> => ({
    model: { sha256: header.model.sha256.slice(0, 12) },
    models: (header.models ?? []).map(({ file: _1, name: _2, revision: _3, ...own }) => own),
    spec: { ...header.spec, rules: header.spec.rules?.rules },
    options: { ...header.options, scoreThreshold: undefined, lenient: undefined, floor: header.options.scoreThreshold },
    candidates: header.candidates ?? {},
    inputs: { root: header.inputs.root, shard: header.inputs.shard, hash: header.inputs.hash },
  });
  const there = comparable(before);
  const here = comparable(JSON.parse(JSON.stringify(now))); // as it would be read: without what is undefined
  return Object.keys(there).flatMap((part) => differencesIn(part, there[part]!, here[part]!));
}

function differencesIn(part: string, there: object, here: object): string[] {
  const [a, b] = [there, here] as [Record<string, unknown>, Record<string, unknown>];
  return [...new Set([...Object.keys(a), ...Object.keys(b)])]
    .filter((name) => !isDeepStrictEqual(a[name], b[name]))
    .map((name) => `${part}.${name} ${shown(a[name])} there, ${shown(b[name])} here`);
}

function shown(value: unknown): string {
  const text = JSON.stringify(value) ?? 'none';
  return text.length > 60 ? `${text.slice(0, 60)}…` : text;
}

/** Which of the versions that a run was begun with are others now, for people; null when none is. */
export function versionsChanged(before: RunHeader, now: RunHeader): string | null {
  const changed = Object.entries(now.versions)
    .filter(([name, version]) => before.versions[name] !== version)
    .map(([name, version]) => `${name} ${before.versions[name] ?? 'none'} → ${version}`);
  return changed.length === 0 ? null : `the run was begun with other versions: ${changed.join(', ')}`;
}

/**
 * Finds out what a run still has to do, and takes out of its record what no longer holds: images that changed or are
 * gone, those decoded in part where damage is no longer allowed, and failures that may turn out otherwise. An image that
 * could not be decoded is tried again when its file changed, or when damage is allowed now and was not before; every
 * other failure is always tried again.
 *
 * @param journal  of the run; changed
 * @throws SigboxError E_ARGUMENT  the record has images that are there and are not among those found
 */
export async function resume(
  journal: Journal,
  found: Discovery,
  before: RunHeader,
  now: RunHeader,
): Promise<Resumption> {
  const byFate: Record<Fate, string[]> = { kept: [], changed: [], removed: [], retried: [], 'left out': [] };
  const byName = new Map(found.images.map((image) => [image.name, image]));
  const names = [...journal.results.images(), ...journal.failures.keys()];
  const look = async (name: string) => {
    const image = byName.get(name);
    const fate = image === undefined ? await fateOfMissing(name, found) : await fateOf(image, journal, before, now);
    return { name, fate };
  };
  for await (const { name, fate } of pMapIterable(names, look, { concurrency: AT_ONCE })) {
    byFate[fate].push(name);
    if (fate !== 'kept') journal.forget(name);
  }
  if (byFate['left out'].length > 0) throw tooFewInputs(byFate['left out']);
  const isDone = ({ name }: InputImage) => journal.results.has(name) || journal.failures.has(name);
  const { changed, removed, retried } = byFate;
  return { todo: found.images.filter((image) => !isDone(image)), changed, removed, retried };
}

/** What became of an image since it was recorded. */
type Fate = 'kept' | 'changed' | 'removed' | 'retried' | 'left out';

/** Of a file as it is now, of an object as it was listed: its content is not looked at. */
async function stateOf({ path, file }: InputImage, hash: boolean): Promise<FileState | null> {
  return file ?? (await fileState(path, hash));
}

async function fateOf(image: InputImage, journal: Journal, before: RunHeader, now: RunHeader): Promise<Fate> {
  const { name } = image;
  const [result, failure] = [journal.results.get(name), journal.failures.get(name)];
  if (failure !== undefined && failure.error.code !== 'E_IMAGE') return 'retried';
  const { file } = (result ?? failure)!;
  const known = image.file === undefined ? file : withoutHash(file);
  const same = isSameState(known, await stateOf(image, now.inputs.hash));
  if (!same) return 'changed';
  const [lenient, wasLenient] = [now.options.lenient === true, before.options.lenient === true];
  const again = result === undefined ? lenient && !wasLenient : result.damaged && !lenient;
  return again ? 'retried' : 'kept';
}

function withoutHash(file: FileState | null): FileState | null {
  if (file === null) return null;
  const { sha256: _, ...state } = file;
  return state;
}

/** Of an image that is not among those found. */
async function fateOfMissing(name: string, { root, unreadable }: Discovery): Promise<Fate> {
  if (isBucket(root)) return 'removed';
  const path = join(root, name);
  const isBelow = (folder: string) => !relative(folder, path).startsWith(`..${sep}`);
  if (unreadable.some((folder) => isBelow(folder.path))) return 'kept'; // it may be there
  const error = await lstat(path).then(
    () => null,
    (cause: NodeJS.ErrnoException) => cause.code,
  );
  if (error === null) return 'left out';
  return error === 'ENOENT' || error === 'ENOTDIR' ? 'removed' : 'kept';
}

function tooFewInputs(leftOut: readonly string[]): SigboxError {
  const [first, ...others] = leftOut;
  const more = others.length === 0 ? '' : ` and ${others.length} more`;
  return new SigboxError(
    'E_ARGUMENT',
    `inputs: expected all images of the run in this folder, received inputs without ${JSON.stringify(first)}${more}, ` +
      'though it is still there. Name every input again, use another folder, or --restart, which starts over.',
  );
}
