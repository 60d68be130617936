import { type FileHandle, realpath } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import { type OptionsOf, optionsCheck } from '../check/option.js';
import { complain, reason, SigboxError } from '../errors.js';
import { LOCK_FILE, lockFolder } from '../files/lock.js';
import { openToRead } from '../files/open-file.js';
import { exists } from '../files/read-file.js';
import { writeWhole } from '../files/write-whole.js';
import { orFirstError } from '../flow/first-error.js';
import type { FormatName } from '../formats/format.js';
import { counted } from '../text/printable.js';
import { RECORD_FILE } from '../types/record-file.js';
import { missingShards } from './inputs/shard.js';
import { DEFAULT_EXPORTS } from './options.js';
import { finishRun } from './outputs/finish-run.js';
import type { RunSummary } from './outputs/summary.js';
import { blocksOf, CANDIDATES_FILE, CandidatesFile } from './record/candidates-file.js';
import type { RecordEntry } from './record/entries.js';
import { Journal, lineAt } from './record/journal.js';
import { openFolder } from './record/open-run.js';
import { readRun } from './record/read-run.js';
import { FAILURES_FILE, failureLine, type RecordedFailure } from './record/record.js';
import { differencesOf } from './record/resume.js';
import { HEADER_FILE, headerText, type RunHeader } from './record/run-header.js';
import { RUN_OPTIONS } from './run-options.js';

const MERGE_OPTIONS = {
  /** Folder for the joined run; created if missing. */
  out: RUN_OPTIONS.out,
  /** Remove the run that the folder already contains, instead of refusing. Default false */
  restart: RUN_OPTIONS.restart,
};

export interface MergeOptions extends OptionsOf<typeof MERGE_OPTIONS> {}

const checkMergeOptions = optionsCheck(MERGE_OPTIONS);

export interface Merged {
  summary: RunSummary;
  /** What is missing: parts, images of runs that did not end, lines that can't be read. */
  warnings: string[];
}

/** A run that is joined with others. */
interface Part {
  folder: string;
  header: RunHeader;
  journal: Journal;
  /** null: none are recorded */
  candidates: CandidatesFile | null;
}

/** Where an image's line lies. */
interface Source {
  part: Part;
  entry: RecordEntry;
}

/**
 * Joins runs of one model and the same options, as the parts of many machines are, into one, and writes what is made of
 * it but for pictures and crops: `annotate --out` on its folder draws those that are missing. An image that failed in one
 * part and not in another counts with its result. The parts are locked while they are read.
 *
 * @param folders  one or more; not changed
 * @throws SigboxError E_ARGUMENT  `out` is one of them, runs that differ, or that hold different results of one image.
 *   E_IO  a folder that is no run's, is being written to, can't be read or written, or `out` holds a run.
 */
export function mergeRuns(folders: readonly string[], given: MergeOptions): Promise<Merged> {
  return orFirstError(joinRuns(folders, given));
}

async function joinRuns(folders: readonly string[], given: MergeOptions): Promise<Merged> {
  const options = checkMergeOptions(given, 'mergeRuns');
  const places = await placesOf(folders, options.out);
  const locks: AsyncDisposable[] = [];
  try {
    for (const folder of places) locks.push(...(await lockPart(folder)));
    return await mergeLocked(places, options);
  } finally {
    for (const lock of locks) await lock[Symbol.asyncDispose]();
  }
}

async function mergeLocked(folders: readonly string[], { out, restart = false }: MergeOptions): Promise<Merged> {
  const parts = await Promise.all(
    folders.map(async (folder): Promise<Part> => {
      const [{ header }, journal] = [await readRun(folder), await Journal.read(folder)];
      const candidates = header.candidates === undefined ? null : await CandidatesFile.read(folder);
      return { folder, header, journal, candidates };
    }),
  );
  if (parts.length === 0)
    throw complain('E_ARGUMENT', { where: 'merge', expected: 'one or more runs', received: 'none' });
  const [first, ...others] = parts as [Part, ...Part[]];
  for (const other of others) requireAlike(first, other);
  const sources = await sourcesOf(parts);
  const { formats } = DEFAULT_EXPORTS;
  await using run = await openFolder(out, { restart, formats });
  await writeWhole(join(out, RECORD_FILE), linesOf(sources));
  await writeWhole(join(out, FAILURES_FILE), failuresOf(parts, sources).map(failureLine));
  if (first.candidates !== null) await writeWhole(join(out, CANDIDATES_FILE), candidatesOf(sources));
  const journal = await Journal.read(out);
  const images = [...journal.results.images(), ...journal.failures.keys()].sort();
  const missing = missingShards(parts.map(({ header }) => header.inputs.shard));
  const notBegun = parts.reduce((sum, part) => sum + undone(part), 0);
  const warnings = [...(missing === null ? [] : [missing]), ...parts.flatMap(lacksOf)];
  const state = { images: images.length + notBegun, complete: warnings.length === 0 };
  await writeWhole(join(out, HEADER_FILE), [headerText({ ...joined(parts, formats), state })]);
  const told = { done: 0, seconds: 0, otherFiles: 0, notBegun };
  const summary = await finishRun(run.files, { journal, images, exports: DEFAULT_EXPORTS, failures: [], told });
  return { summary, warnings };
}

/** Images of a part that has neither a result nor a failure of them. */
function undone({ header: { state }, journal }: Part): number {
  if (state === undefined) return 0; // an earlier version did not record how many there are
  return Math.max(0, state.images - journal.results.size - journal.failures.size);
}

/** What a part lacks, for people. */
function lacksOf(part: Part): string[] {
  const { folder, header, journal } = part;
  const lacks: string[] = [];
  if (header.state?.complete === false) {
    lacks.push(`its run did not end: ${undone(part)} of ${counted(header.state.images, 'image')} are missing`);
  }
  const spoilt = journal.spoilt + (journal.cutOff ? 1 : 0);
  if (spoilt > 0) lacks.push(`${counted(spoilt, 'line')} of its record can’t be read`);
  return lacks.map((what) => `${folder}: ${what}. Run annotate on it again, or on the merged folder.`);
}

/**
 * Also where links lead to one folder: with `restart` its record would go before it is read.
 *
 * @returns the folders, each once
 */
async function placesOf(folders: readonly string[], out: string): Promise<string[]> {
  const place = await realPath(out);
  const places = new Map<string, string>();
  for (const folder of folders) {
    const found = await realPath(folder);
    places.set(found, places.get(found) ?? folder);
    if (found !== place) continue;
    const expected = 'options.out to be another folder than the runs that are joined';
    throw complain('E_ARGUMENT', { where: 'merge', expected, received: out, mend: `It is ${folder}.` });
  }
  return [...places.values()];
}

async function realPath(folder: string): Promise<string> {
  return realpath(folder).catch(() => resolve(folder));
}

/** None for a folder that nobody can write to. @throws SigboxError E_IO  a run writes to it */
async function lockPart(folder: string): Promise<AsyncDisposable[]> {
  if (!(await exists(folder))) return []; // whoever reads it says so
  try {
    return [await lockFolder(folder)];
  } catch (error) {
    const { code = '' } = ((error as SigboxError).cause ?? {}) as NodeJS.ErrnoException;
    const readOnly = ['EROFS', 'EACCES', 'EPERM'].includes(code);
    if (readOnly && !(await exists(join(folder, LOCK_FILE)))) return [];
    throw error;
  }
}

function requireAlike(first: Part, other: Part): void {
  const inputs = { ...first.header.inputs, hash: other.header.inputs.hash }; // parts lie in different places
  const differences = differencesOf(first.header, { ...other.header, inputs });
  if (!isDeepStrictEqual(first.header.thresholds, other.header.thresholds)) differences.push('the scores differ');
  if (differences.length === 0) return;
  throw new SigboxError(
    'E_ARGUMENT',
    `merge: expected runs of the same model and options, received ${other.folder}, which differs from ` +
      `${first.folder}: ${differences.join('; ')}.`,
  );
}

/** By image, in the order of their names. */
async function sourcesOf(parts: readonly Part[]): Promise<Map<string, Source>> {
  const sources = new Map<string, Source>();
  for (const part of parts) {
    for (const [image, entry] of part.journal.results) {
      const known = sources.get(image);
      if (known !== undefined) await requireSameLine(image, known, { part, entry });
      sources.set(image, { part, entry });
    }
  }
  return new Map([...sources].sort(([a], [b]) => (a < b ? -1 : 1)));
}

async function requireSameLine(image: string, ...sources: [Source, Source]): Promise<void> {
  const [a, b] = await Promise.all(
    sources.map(async ({ part, entry }) => {
      await using file = await openResults(part.folder);
      return lineAt(file, entry);
    }),
  );
  if (a === b) return;
  throw new SigboxError(
    'E_ARGUMENT',
    `merge: expected one result of ${JSON.stringify(image)}, received different ones from ` +
      `${sources[0].part.folder} and ${sources[1].part.folder}.`,
  );
}

/** @throws SigboxError E_IO  an image whose candidates can't be read */
function candidatesOf(sources: ReadonlyMap<string, Source>): AsyncGenerator<Uint8Array> {
  const blocks = [...sources].map(([image, { part }]) => {
    if (part.candidates!.has(image)) return part.candidates!.placeOf(image);
    const where = join(part.folder, CANDIDATES_FILE);
    const mend = 'annotate --candidates on it again records them.';
    throw complain('E_IO', { where, expected: `the candidates of ${JSON.stringify(image)}`, received: 'none', mend });
  });
  return blocksOf(blocks);
}

async function* linesOf(sources: ReadonlyMap<string, Source>): AsyncGenerator<string> {
  const files = new Map<Part, FileHandle>();
  try {
    for (const { part, entry } of sources.values()) {
      const file = files.get(part) ?? (await openResults(part.folder));
      files.set(part, file);
      yield await lineAt(file, entry);
    }
  } finally {
    for (const file of files.values()) await file.close();
  }
}

async function openResults(folder: string): Promise<FileHandle> {
  const file = join(folder, RECORD_FILE);
  return openToRead(file).catch((cause) => {
    throw new SigboxError('E_IO', `${file}: cannot be read: ${reason(cause)}.`, { cause });
  });
}

function failuresOf(parts: readonly Part[], sources: ReadonlyMap<string, Source>): RecordedFailure[] {
  const failures = new Map(parts.flatMap(({ journal }) => [...journal.failures]));
  return [...failures.values()].filter(({ image }) => !sources.has(image));
}

function joined(parts: readonly Part[], exports: readonly FormatName[]): RunHeader {
  const [first] = parts as [Part];
  const given = [...new Set(parts.flatMap(({ header }) => header.inputs.given))];
  const rendering = { pictures: false, pictureSize: null, crops: false };
  return { ...first.header, rendering, exports: [...exports], inputs: { ...first.header.inputs, given, shard: null } };
}
