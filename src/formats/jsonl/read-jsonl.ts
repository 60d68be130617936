import { join } from 'node:path';
import { type Infer, list, object, optional, tuple } from '../../check/shapes.js';
import { finite, flag, labels, text } from '../../check/words.js';
import { reason, SigboxError } from '../../errors.js';
import { readLines } from '../../files/lines.js';
import { isFolder } from '../../files/read-file.js';
import type { AnnotatedImage, AnnotatedRegion } from '../../types/annotations.js';
import type { Box } from '../../types/detections.js';
import type { Reader } from '../format.js';
import { checkContent } from '../reading/malformed.js';

const flags = { crowd: optional(flag), difficult: optional(flag) };
const lists = { absent: optional(labels), incomplete: optional(labels) };
const labelSchema = object({ label: text, classId: optional(finite), score: optional(finite) });

const detectionSchema = object({
  box: tuple('four numbers', finite, 4),
  labels: list('labels', labelSchema, { min: 1 }),
  ...flags,
  area: optional(finite),
});

const schema = object({
  ...{ image: text, id: optional(finite), width: finite, height: finite },
  detections: list('detections', detectionSchema),
  ...lists,
});

/**
 * Reads JSON Lines: an object per image, as in a run's results.jsonl; or the folder of a run. Labels are in the order of
 * their class numbers, those without by name behind them.
 */
export const readJsonl: Reader = async (path, { remarks }) => {
  const file = (await isFolder(path)) ? join(path, 'results.jsonl') : path;
  const numbers = new Map<string, number>();
  const images: AnnotatedImage[] = [];
  let line = 0;
  try {
    for await (const { text: content } of readLines(file)) {
      line++;
      if (content.trim() === '') continue;
      const parsed = remarks.attempt(() => parseLine(content, `${file}: line ${line}`));
      if (parsed === null) continue;
      const { detections, ...image } = parsed;
      for (const { labels } of detections) {
        for (const { label, classId } of labels) numbers.set(label, classId ?? numbers.get(label) ?? Infinity);
      }
      images.push({ ...image, regions: detections.map(regionOf) });
    }
  } catch (cause) {
    if (cause instanceof SigboxError) throw cause;
    throw new SigboxError('E_IO', `${file}: cannot be read: ${reason(cause)}.`, { cause });
  }
  const order = [...numbers].sort(([a, x], [b, y]) => (x === y ? (a < b ? -1 : 1) : x - y));
  return { labels: order.map(([label]) => label), images };
};

function parseLine(content: string, where: string): Infer<typeof schema> {
  let value: unknown;
  try {
    value = JSON.parse(content);
  } catch (cause) {
    throw new SigboxError('E_IO', `${where}: cannot be read: ${reason(cause)}.`, { cause });
  }
  return checkContent(schema, value, where);
}

type Detection = Infer<typeof detectionSchema>;

function regionOf({ box, labels, ...marks }: Detection): AnnotatedRegion {
  return { box: box as Box, labels: labels.map(({ classId: _, ...label }) => label), ...marks };
}
