import { join } from 'node:path';
import { matches } from '../../check/check.js';
import { list, object, orNull, tuple } from '../../check/shapes.js';
import { count, finite, flag, fraction, text, wholeFromZero } from '../../check/words.js';
import { reason, SigboxError } from '../../errors.js';
import { readLines } from '../../files/lines.js';
import { openFile } from '../../files/open-file.js';
import { toJson } from '../../text/json-number.js';
import type { Detection } from '../../types/detections.js';

/** What people made of a run's results, beside its record. Lines are only ever added: the last one of an image counts. */
export const REVIEW_FILE = 'review.jsonl';

/** A line of review.jsonl. */
export interface Correction {
  /** As in unfiltered.jsonl. */
  image: string;
  width: number;
  height: number;
  /** Whether a person accepts the regions as right and complete. */
  reviewed: boolean;
  /** Whether a person changed any of them. */
  edited: boolean;
  /** Every region of the image, as the person sees it; null: the correction is withdrawn. */
  regions: Detection[] | null;
}

const label = { label: text, classId: wholeFromZero, score: fraction };
const region = object({
  box: tuple('[x1, y1, x2, y2]', finite, 4),
  ...label,
  labels: list('labels', object(label), { min: 1 }),
});
export const correctionSchema = object({
  image: text,
  width: count,
  height: count,
  reviewed: flag,
  edited: flag,
  regions: orNull(list('regions', region)),
});

/**
 * The corrections of a run, by image. A line that is none, as one that was cut off, is passed over.
 *
 * @throws SigboxError E_IO  the file can't be read
 */
export async function readCorrections(folder: string): Promise<Map<string, Correction>> {
  const file = join(folder, REVIEW_FILE);
  const corrections = new Map<string, Correction>();
  try {
    for await (const { text } of readLines(file)) {
      const correction = parseLine(text);
      if (correction === null) continue;
      if (correction.regions === null) corrections.delete(correction.image);
      else corrections.set(correction.image, correction);
    }
  } catch (cause) {
    if ((cause as NodeJS.ErrnoException).code === 'ENOENT') return corrections;
    throw new SigboxError('E_IO', `${file}: cannot be read: ${reason(cause)}.`, { cause });
  }
  return corrections;
}

/** @throws SigboxError E_IO  it can't be written */
export async function appendCorrection(folder: string, correction: Correction): Promise<void> {
  const file = join(folder, REVIEW_FILE);
  try {
    await using handle = await openFile(file, 'a+');
    const { size } = await handle.stat();
    const { buffer } = await handle.read({ buffer: Buffer.from('\n'), position: Math.max(0, size - 1) });
    const begin = buffer.toString() === '\n' ? '' : '\n'; // after a line that was cut off
    await handle.appendFile(`${begin}${toJson(correction)}\n`);
    await handle.datasync();
  } catch (cause) {
    throw new SigboxError('E_IO', `${file}: cannot be written: ${reason(cause)}.`, { cause });
  }
}

function parseLine(line: string): Correction | null {
  try {
    const content: unknown = JSON.parse(line);
    return matches(correctionSchema, content) ? content : null;
  } catch {
    return null;
  }
}
