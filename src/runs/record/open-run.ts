import { access, readlink } from 'node:fs/promises';
import { join } from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import { glob } from 'tinyglobby';
import { complain, reason, SigboxError } from '../../errors.js';
import { type FolderLock, LOCK_FILE, lockFolder } from '../../files/lock.js';
import { makeFolder } from '../../files/make-folder.js';
import { removeFile } from '../../files/remove-file.js';
import { syncFolder } from '../../files/sync-folder.js';
import { PART, TEMPORARY, writeWhole } from '../../files/write-whole.js';
import { removeExports } from '../../formats/export-annotations.js';
import { FORMAT_NAMES, type FormatName } from '../../formats/format.js';
import { FORMATS } from '../../formats/formats.js';
import { resultLabels } from '../../labels/label-map.js';
import type { Discovery } from '../inputs/discover.js';
import type { RunSettings } from '../options.js';
import { clearExports, exportsIn } from '../outputs/clear-exports.js';
import { CROPS, PICTURES, Rendering } from '../outputs/rendering.js';
import { Journal } from './journal.js';
import { type Run, readRun } from './read-run.js';
import { FAILURES_FILE, RESULTS_FILE, type RecordedResult } from './record.js';
import { type Resumption, requireSameRun, resume, versionsChanged } from './resume.js';
import { HEADER_FILE, headerText, type RunHeader, readHeader } from './run-header.js';

/** A run that is being written: its folder is locked, its record is open for more. */
export interface OpenRun extends AsyncDisposable, Resumption {
  journal: Journal;
  /** Names of all images that are found or recorded, by UTF-16 code unit. */
  images: string[];
  warnings: string[];
  /** What the run makes of its record: what is wanted now, and what it made before and is still there. */
  formats: FormatName[];
}

/**
 * Begins a run in a folder, or goes on with the one that is there.
 *
 * @param now  what the run is to be
 * @throws SigboxError E_ARGUMENT  the folder holds another run. E_IO  it can't be written, or another run writes to it.
 *   What is there then stays as it was.
 */
export async function openRun(
  out: string,
  now: RunHeader,
  found: Discovery,
  { restart, exports }: Pick<RunSettings, 'restart' | 'exports'>,
): Promise<OpenRun> {
  const lock = await lockedFolder(out);
  try {
    if (restart) await clear(out, exports.formats);
    const before = await readHeader(out);
    if (before === null) await requireNoRecord(out);
    else requireSameRun(out, before, now);
    const journal = await Journal.read(out);
    const resumption = await resume(journal, found, before ?? now, now);
    const images = namesOf(found, journal);
    const formats = await formatsOf(out, exports.formats, before);
    const then = before === null ? {} : { versions: before.versions, rendering: renderedThen(before, now) };
    const header = { ...now, ...then, exports: formats };
    const known = [...new Set([...images, ...resumption.removed])].sort();
    if (before !== null) await tidy(await readRun(out, 'skip'), { header, journal, images: known });
    await removeExports(out, formats);
    await writeWhole(join(out, HEADER_FILE), [headerText(header)]);
    await journal.begin(lock.requireHeld);
    await syncFolder(out); // without its header a record would be of no use
    const warnings = [before === null ? null : versionsChanged(before, now), spoiltLines(journal)];
    return {
      ...resumption,
      journal,
      images,
      warnings: warnings.filter((warning) => warning !== null),
      formats,
      async [Symbol.asyncDispose]() {
        await journal.close().finally(() => lock[Symbol.asyncDispose]());
      },
    };
  } catch (error) {
    await lock[Symbol.asyncDispose]();
    throw error;
  }
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
): Promise<AsyncDisposable> {
  const lock = await lockedFolder(out);
  try {
    if (restart) await clear(out, formats);
    const header = await readHeader(out);
    if (header !== null) {
      const expected = 'a folder without a run';
      throw complain('E_IO', { where: out, expected, received: HEADER_FILE, mend: OTHER_FOLDER });
    }
    await requireNoRecord(out);
    return lock;
  } catch (error) {
    await lock[Symbol.asyncDispose]();
    throw error;
  }
}

async function lockedFolder(out: string): Promise<FolderLock> {
  await makeFolder(out).catch(async (cause) => {
    const target = await readlink(out).catch(() => null);
    const mend = target === null ? '' : ` It is a link to ${target}, which is no folder.`;
    throw new SigboxError('E_IO', `${out}: cannot be written to: ${reason(cause)}.${mend}`, { cause });
  });
  return lockFolder(out);
}

const OTHER_FOLDER = 'Use another folder, or --restart, which removes it.';

function namesOf(found: Discovery, journal: Journal): string[] {
  const names = [...found.images.map(({ name }) => name), ...journal.results.images(), ...journal.failures.keys()];
  return [...new Set(names)].sort();
}

function spoiltLines({ spoilt }: Journal): string | null {
  return spoilt === 0 ? null : `${spoilt} lines of the record could not be read; their images are done again`;
}

/** Without its header nobody knows what a record is of. */
async function requireNoRecord(out: string): Promise<void> {
  const there = await access(join(out, RESULTS_FILE)).then(
    () => true,
    () => false,
  );
  if (!there) return;
  const expected = `${HEADER_FILE} beside ${RESULTS_FILE}`;
  throw complain('E_IO', { where: out, expected, received: 'none', mend: OTHER_FOLDER });
}

async function formatsOf(out: string, wanted: readonly FormatName[], before: RunHeader | null): Promise<FormatName[]> {
  const found = before === null ? [] : await exportsIn(out, before.exports);
  return FORMAT_NAMES.filter((format) => wanted.includes(format) || found.includes(format));
}

/**
 * Takes away a run, what it made of its images as far as its record tells, and of its exports those that will not be made
 * anew.
 */
async function clear(out: string, formats: readonly FormatName[]): Promise<void> {
  const run = await readRun(out, 'skip').catch(() => null); // a header that can't be read goes as well
  if (run !== null) {
    const images = [...(await Journal.read(out)).results.images()].sort();
    await removeRendered(run, images, () => true);
  }
  await clearExports(out, run?.header.exports ?? [], formats);
  for (const file of [RESULTS_FILE, FAILURES_FILE, HEADER_FILE]) await removeFile(join(out, file));
}

/** Takes away what a killed run left half written, and files of results that no longer hold or look otherwise now. */
async function tidy(run: Run, now: { header: RunHeader; journal: Journal; images: string[] }): Promise<void> {
  const exports = Object.values(FORMATS).flatMap(({ folder }) => folder ?? []);
  const patterns = [`*${PART}`, `${LOCK_FILE}.*`, `{${[PICTURES, CROPS, ...exports]}}/**/${TEMPORARY}`];
  const left = await glob(patterns, { cwd: run.folder, absolute: true, dot: true, expandDirectories: false });
  for (const file of left) await removeFile(file);
  const forgotten = ({ image }: RecordedResult) => !now.journal.results.has(image);
  await removeRendered(run, now.images, isDrawnAlike(run.header, now.header) ? forgotten : () => true);
}

/** Whether pictures and crops that are there are as they would be drawn now. */
function isDrawnAlike(before: RunHeader, now: RunHeader): boolean {
  const size = !now.rendering.pictures || before.rendering.pictureSize === now.rendering.pictureSize;
  return size && isDeepStrictEqual(before.thresholds, now.thresholds);
}

/** What may be in a folder when this run has begun: also what was drawn before, and is not wanted now but still holds. */
function renderedThen(before: RunHeader, now: RunHeader): RunHeader['rendering'] {
  if (!isDrawnAlike(before, now)) return now.rendering;
  const { pictures, pictureSize, crops } = now.rendering;
  return {
    pictures: pictures || before.rendering.pictures,
    pictureSize: pictures ? pictureSize : before.rendering.pictureSize,
    crops: crops || before.rendering.crops,
  };
}

async function removeRendered(run: Run, images: string[], isStale: (result: RecordedResult) => boolean): Promise<void> {
  const { rendering, spec, thresholds } = run.header;
  if (!rendering.pictures && !rendering.crops) return;
  const rendered = new Rendering(run.folder, images, resultLabels(spec.labels, spec.parents), rendering);
  for await (const result of run.results(thresholds)) if (isStale(result)) await rendered.remove(result);
}
