import { join } from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import { glob } from 'tinyglobby';
import type { OwnedFiles } from '../../files/owned-files.js';
import { removeFile } from '../../files/remove-file.js';
import { TEMPORARY } from '../../files/write-whole.js';
import type { FormatName } from '../../formats/format.js';
import { FORMATS } from '../../formats/formats.js';
import { resultLabels } from '../../labels/label-map.js';
import { RECORD_FILE } from '../../types/record-file.js';
import { clearExports } from '../outputs/clear-exports.js';
import { RENDERED, Rendering } from '../outputs/rendering.js';
import { CANDIDATES_FILE } from './candidates-file.js';
import type { Journal } from './journal.js';
import { readRun } from './read-run.js';
import { FAILURES_FILE, type RecordedResult } from './record.js';
import type { Resumption } from './resume.js';
import { HEADER_FILE, type RunHeader } from './run-header.js';

/**
 * Removes a run: its record, the pictures and crops that sigbox wrote, and of its exports those that will not be made again.
 * Files that are not as sigbox wrote them stay.
 *
 * @param before  its header, where that can be read
 */
export async function clearRun(
  files: OwnedFiles,
  before: RunHeader | null,
  formats: readonly FormatName[],
): Promise<void> {
  for (const path of files.paths()) if (RENDERED.includes(path.split('/')[0]!)) await files.remove(path);
  await clearExports(files, before?.exports ?? [], formats);
  for (const file of [RECORD_FILE, FAILURES_FILE, CANDIDATES_FILE, HEADER_FILE])
    await removeFile(join(files.folder, file));
  await files.rewrite();
}

interface Tidying {
  before: RunHeader;
  now: RunHeader;
  journal: Journal;
  /** Names of all images that are found or recorded. */
  images: readonly string[];
  resumption: Resumption;
}

/**
 * Removes what a killed run left half written, and pictures and crops of results that are no longer true, or would be drawn
 * otherwise now.
 *
 * @returns what of the header stays as it was
 */
export async function tidyRun(
  files: OwnedFiles,
  { before, now, journal, images, resumption }: Tidying,
): Promise<Pick<RunHeader, 'versions' | 'rendering'>> {
  const exports = Object.values(FORMATS).flatMap(({ folder }) => folder ?? []);
  const patterns = [TEMPORARY, `{${[...RENDERED, ...exports]}}/**/${TEMPORARY}`];
  const left = await glob(patterns, { cwd: files.folder, absolute: true, dot: true, expandDirectories: false });
  for (const file of left) await removeFile(file);
  const known = [...new Set([...images, ...resumption.removed])].sort();
  const forgotten = ({ image }: RecordedResult) => !journal.results.has(image);
  await removeRendered(files, { before, images: known }, isDrawnAlike(before, now) ? forgotten : () => true);
  return { versions: before.versions, rendering: renderedThen(before, now) };
}

/** Whether pictures and crops that are there are as they would be drawn now. */
function isDrawnAlike(before: RunHeader, now: RunHeader): boolean {
  const size = !now.rendering.pictures || before.rendering.pictureSize === now.rendering.pictureSize;
  const style = !now.rendering.pictures || isDeepStrictEqual(before.rendering.style, now.rendering.style);
  return size && style && isDeepStrictEqual(before.thresholds, now.thresholds);
}

/** What may be in a folder when this run has begun: also what was drawn before, is not wanted now, but is still right. */
function renderedThen(before: RunHeader, now: RunHeader): RunHeader['rendering'] {
  if (!isDrawnAlike(before, now)) return now.rendering;
  const { pictures, pictureSize, crops } = now.rendering;
  const { style } = pictures ? now.rendering : before.rendering;
  return {
    pictures: pictures || before.rendering.pictures,
    pictureSize: pictures ? pictureSize : before.rendering.pictureSize,
    crops: crops || before.rendering.crops,
    ...(style !== undefined && { style }),
  };
}

async function removeRendered(
  files: OwnedFiles,
  { before, images }: { before: RunHeader; images: readonly string[] },
  isStale: (result: RecordedResult) => boolean,
): Promise<void> {
  const { rendering, spec, thresholds } = before;
  if (!rendering.pictures && !rendering.crops) return;
  const rendered = new Rendering(files, images, resultLabels(spec.labels, spec.parents), rendering);
  const run = await readRun(files.folder, 'skip');
  for await (const result of run.results(thresholds)) if (isStale(result)) await rendered.remove(result);
}
