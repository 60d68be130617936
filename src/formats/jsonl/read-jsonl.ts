import { join } from 'node:path';
import * as v from 'valibot';
import { reason, SigboxError } from '../../errors.js';
import { readLines } from '../../files/lines.js';
import { isFolder } from '../../files/read-file.js';
import type { AnnotatedImage, AnnotatedRegion } from '../../types/annotations.js';
import type { Box } from '../../types/detections.js';
import { checked } from '../check.js';
import type { Reader } from '../format.js';

const number = v.number();
const labels = v.exactOptional(v.array(v.string()));
const flag = v.exactOptional(v.boolean());

const schema = v.object({
  ...{ image: v.string(), id: v.exactOptional(number), width: number, height: number },
  detections: v.array(
    v.object({
      box: v.tuple([number, number, number, number]),
      labels: v.pipe(
        v.array(v.object({ label: v.string(), classId: v.exactOptional(number), score: v.exactOptional(number) })),
        v.minLength(1),
      ),
      ...{ crowd: flag, difficult: flag, area: v.exactOptional(number) },
    }),
  ),
  ...{ absent: labels, incomplete: labels },
});

/**
 * Reads JSON Lines: an object per image, as in a run's results.jsonl; or the folder of a run. Labels are in the order of
 * their class numbers, those without by name behind them.
 */
export const readJsonl: Reader = async (path) => {
  const file = (await isFolder(path)) ? join(path, 'results.jsonl') : path;
  const numbers = new Map<string, number>();
  const images: AnnotatedImage[] = [];
  let line = 0;
  try {
    for await (const { text } of readLines(file)) {
      line++;
      if (text.trim() === '') continue;
      const { detections, ...image } = checked(schema, JSON.parse(text), `${file}: line ${line}`);
      for (const { labels } of detections) {
        for (const { label, classId } of labels) numbers.set(label, classId ?? numbers.get(label) ?? Infinity);
      }
      images.push({ ...image, regions: detections.map(regionOf) });
    }
  } catch (cause) {
    if (cause instanceof SigboxError) throw cause;
    const where = line === 0 ? file : `${file}: line ${line}`;
    throw new SigboxError('E_IO', `${where}: cannot be read: ${reason(cause)}.`, { cause });
  }
  const order = [...numbers].sort(([a, x], [b, y]) => (x === y ? (a < b ? -1 : 1) : x - y));
  return { labels: order.map(([label]) => label), images };
};

type Detection = v.InferOutput<typeof schema>['detections'][number];

function regionOf({ box, labels, ...marks }: Detection): AnnotatedRegion {
  return { box: box as Box, labels: labels.map(({ classId: _, ...label }) => label), ...marks };
}
