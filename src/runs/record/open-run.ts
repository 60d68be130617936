import { readlink } from 'node:fs/promises';
import { join } from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import { complain, reason, SigboxError } from '../../errors.js';
import { type FolderLock, lockFolder } from '../../files/lock.js';
import { makeFolder } from '../../files/make-folder.js';
import { OwnedFiles } from '../../files/owned-files.js';
import { syncFolder } from '../../files/sync.js';
import { writeWhole } from '../../files/write-whole.js';
import { removeExports } from '../../formats/export-annotations.js';
import { FORMAT_NAMES, type FormatName } from '../../formats/format.js';
import type { Discovery } from '../inputs/discover.js';
import type { RunSettings } from '../options.js';
import { exportsIn, ownExportsIn } from '../outputs/clear-exports.js';
import { requireFreeOutputs } from '../outputs/free-outputs.js';
import { CandidatesFile } from './candidates-file.js';
import { clearRun, tidyRun } from './clear-run.js';
import { Journal } from './journal.js';
import { requireNoRecord, requireOwnRecord } from './own-record.js';
import { isMoved, type Resumption, requireSameRun, resume, versionsChanged } from './resume.js';
import { HEADER_FILE, headerText, type RunHeader, type RunState, readHeader } from './run-header.js';

/** A run that is being written: its folder is locked, its record is open for more. */
export interface OpenRun extends AsyncDisposable, Resumption {
  journal: Journal;
  /** What sigbox wrote into the run's folder. */
  files: OwnedFiles;
  /** Names of all images that are found or recorded, by UTF-16 code unit. */
  images: string[];
  warnings: string[];
  /** What the run makes of its record: what is wanted now, and what it made before and is still there. */
  formats: FormatName[];
  /** Records that no image is left to be done. */
  complete(): Promise<void>;
}

/**
 * Begins a run in a folder, or resumes the one that is there. Nothing is changed before all is known to be right.
 *
 * @param now  what the run is to be
 * @throws SigboxError E_ARGUMENT  the folder holds another run. E_IO  it can't be written, another run writes to it, or
 *   files that sigbox did not write would be replaced. What is there then stays as it was.
 */
export async function openRun(
  out: string,
  now: RunHeader,
  found: Discovery,
  { restart, exports, contactSheet }: Pick<RunSettings, 'restart' | 'exports' | 'contactSheet'>,
): Promise<OpenRun> {
  const { lock, files } = await lockedFolder(out);
  try {
    const before = restart ? await requireOwnRecord(out) : await readHeader(out);
    if (!restart && before === null) await requireNoRecord(out);
    const journal = restart ? new Journal(out) : await Journal.read(out);
    if (!restart && before !== null) {
      const root = (await isMoved(journal, found)) ? now.inputs.root : before.inputs.root;
      requireSameRun(out, { ...before, inputs: { ...before.inputs, root } }, now);
    }
    if (now.candidates !== undefined) {
      journal.recordCandidates(restart ? new CandidatesFile(out) : await CandidatesFile.read(out));
    }
    const resumption = await resume(journal, found, before ?? now, now);
    const images = namesOf(found, journal);
    const formats = await formatsOf(out, exports.formats, restart ? null : before);
    await requireFreeOutputs(files, { header: now, images, found, formats, contactSheet });
    if (restart) await clearRun(files, before, formats);
    const then = before === null || restart ? {} : await tidyRun(files, { before, now, journal, images, resumption });
    await removeExports(files, formats);
    const header = { ...now, ...then, exports: formats };
    const writeHeader = (state: RunState) => writeWhole(join(out, HEADER_FILE), [headerText({ ...header, state })]);
    await writeHeader({ images: images.length, complete: false });
    await journal.begin(lock.requireHeld);
    await syncFolder(out); // without its header a record would be of no use
    const warnings = [
      before === null || restart ? null : versionsChanged(before, now),
      before === null || restart ? null : await staleExports(files, { before, now, formats, resumption }),
      spoiltLines(journal),
    ];
    return {
      ...resumption,
      journal,
      files,
      images,
      warnings: warnings.filter((warning) => warning !== null),
      formats,
      complete: () => writeHeader({ images: images.length, complete: true }),
      async [Symbol.asyncDispose]() {
        await closeAll([() => journal.close(), () => files.close(), () => lock[Symbol.asyncDispose]()]);
      },
    };
  } catch (error) {
    await closeAll([() => files.close(), () => lock[Symbol.asyncDispose]()]).catch(() => {}); // the cause says more
    throw error;
  }
}

/** A folder for a run that is written at one go. */
export interface OpenFolder extends AsyncDisposable {
  files: OwnedFiles;
}

/**
 * Locks a folder for a run that is written at one go.
 *
 * @param restart  remove the run that it holds
 * @param formats  what will be made there
 * @throws SigboxError E_IO  it holds one, can't be written, or another run writes to it
 */
export async function openFolder(
  out: string,
  { restart, formats }: { restart: boolean; formats: readonly FormatName[] },
): Promise<OpenFolder> {
  const { lock, files } = await lockedFolder(out);
  const close = () => closeAll([() => files.close(), () => lock[Symbol.asyncDispose]()]);
  try {
    const before = restart ? await requireOwnRecord(out) : await readHeader(out);
    if (!restart && before !== null) {
      const expected = 'a folder without a run';
      const mend = 'Use another folder, or --restart, which removes it.';
      throw complain('E_IO', { where: out, expected, received: HEADER_FILE, mend });
    }
    if (!restart) await requireNoRecord(out);
    await requireFreeOutputs(files, { formats });
    if (restart) await clearRun(files, before, formats);
    return { files, [Symbol.asyncDispose]: close };
  } catch (error) {
    await close().catch(() => {}); // the cause says more
    throw error;
  }
}

async function lockedFolder(out: string): Promise<{ lock: FolderLock; files: OwnedFiles }> {
  await makeFolder(out).catch(async (cause) => {
    const target = await readlink(out).catch(() => null);
    const mend = target === null ? '' : ` It is a link to ${target}, which is no folder.`;
    throw new SigboxError('E_IO', `${out}: cannot be written to: ${reason(cause)}.${mend}`, { cause });
  });
  const lock = await lockFolder(out);
  try {
    return { lock, files: await OwnedFiles.open(out) };
  } catch (error) {
    await lock[Symbol.asyncDispose]();
    throw error;
  }
}

/** One after the other, each whatever became of those before it. @throws the first error */
async function closeAll(closings: (() => PromiseLike<void>)[]): Promise<void> {
  const [first, ...others] = closings;
  if (first === undefined) return;
  try {
    await first();
  } finally {
    await closeAll(others);
  }
}

function namesOf(found: Discovery, journal: Journal): string[] {
  const names = [...found.images.map(({ name }) => name), ...journal.results.images(), ...journal.failures.keys()];
  return [...new Set(names)].sort();
}

interface Resumed {
  before: RunHeader;
  now: RunHeader;
  /** What this run makes. */
  formats: readonly FormatName[];
  resumption: Resumption;
}

/** What `export` wrote here, which a run leaves alone and which may not fit its results any more. */
async function staleExports(files: OwnedFiles, { before, now, formats, resumption }: Resumed): Promise<string | null> {
  const { todo, removed } = resumption;
  const isSame = isDeepStrictEqual(before.thresholds, now.thresholds) && todo.length === 0 && removed.length === 0;
  const there = isSame ? [] : await ownExportsIn(files);
  const stale = there.filter((format) => !formats.includes(format)).join(',');
  if (stale === '') return null;
  return `${stale} in ${files.folder} was exported from earlier results: sigbox export ${files.folder} --format ${stale} makes it again.`;
}

function spoiltLines({ spoilt }: Journal): string | null {
  return spoilt === 0 ? null : `${spoilt} lines of the record could not be read; their images are done again`;
}

async function formatsOf(out: string, wanted: readonly FormatName[], before: RunHeader | null): Promise<FormatName[]> {
  const found = before === null ? [] : await exportsIn(out, before.exports);
  return FORMAT_NAMES.filter((format) => wanted.includes(format) || found.includes(format));
}
