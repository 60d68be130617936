import type { IncomingMessage } from 'node:http';
import { join } from 'node:path';
import { check } from '../../check/check.js';
import { complain, SigboxError } from '../../errors.js';
import { checkTaughtOptions, thresholdsFile, writeThresholdsFile } from '../../learn/thresholds/thresholds-file.js';
import { correctionSchema } from '../../runs/record/corrections.js';
import type { ReviewData } from '../record/review-data.js';

/** A picture with ten thousand regions of many labels fits in. */
const MOST_BYTES = 8 << 20;
const THRESHOLDS_FILE = 'thresholds.json';

/**
 * Does what the page asks to be written: corrections of an image, or thresholds.
 *
 * @returns what to tell the page; null: there is no such path
 * @throws SigboxError E_ARGUMENT  nothing may be written, or what came is not what it is to be. E_IO  it can't be written
 */
export async function correct(data: ReviewData, path: string, request: IncomingMessage): Promise<string | null> {
  const correction = /^data\/(\d+)\/corrections\/(\d+)$/.exec(path);
  const thresholds = /^data\/(\d+)\/thresholds$/.exec(path);
  if (correction === null && thresholds === null) return null;
  if (!data.info.writable) {
    throw new SigboxError('E_ARGUMENT', 'review: nothing can be saved, for --read-only was given.');
  }
  const content = await readBody(request);
  if (correction !== null) {
    const [, run, row] = correction.map(Number);
    const placed = { image: '', width: 1, height: 1, ...Object(content) }; // the run knows better
    await data.run(run!).correct(row!, check(correctionSchema, placed, { where: 'review', path: 'correction' }));
    return '{}';
  }
  const run = data.run(Number(thresholds![1]));
  const file = join(run.folder, THRESHOLDS_FILE);
  const options = checkTaughtOptions(Object(content), 'review');
  await writeThresholdsFile(file, thresholdsFile(options, [{ by: 'review', run: run.info.name }]));
  return JSON.stringify({ file });
}

async function readBody(request: IncomingMessage): Promise<unknown> {
  const parts: Uint8Array[] = [];
  let size = 0;
  for await (const part of request as AsyncIterable<Uint8Array>) {
    size += part.length;
    if (size > MOST_BYTES) throw unexpected(`at most ${MOST_BYTES} bytes`, size);
    parts.push(part);
  }
  try {
    return JSON.parse(Buffer.concat(parts).toString('utf8'));
  } catch (cause) {
    throw new SigboxError('E_ARGUMENT', 'review: expected JSON.', { cause });
  }
}

function unexpected(expected: string, received: unknown): SigboxError {
  return complain('E_ARGUMENT', { where: 'review', expected, received });
}
