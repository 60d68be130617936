import { join } from 'node:path';
import { type Infer, list, object, optional, record, tuple } from '../../check/shapes.js';
import { finite, flag, labels, text } from '../../check/words.js';
import { reason, SigboxError } from '../../errors.js';
import { readLines } from '../../files/lines.js';
import { isFolder, readJson } from '../../files/read-file.js';
import type { AnnotatedImage, AnnotatedRegion } from '../../types/annotations.js';
import type { Box } from '../../types/detections.js';
import { RECORD_FILE } from '../../types/record-file.js';
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

const headerSchema = object({
  thresholds: object({ scoreThreshold: finite, labelThresholds: record('numbers by label', finite) }),
});

const schema = object({
  ...{ image: text, id: optional(finite), width: finite, height: finite },
  detections: list('detections', detectionSchema),
  ...lists,
});

/**
 * Reads JSON Lines: an object per image, as in annotations.jsonl; or the folder of a run, over the score thresholds that it
 * names. Labels are in the order of their class numbers, those without by name behind them.
 */
export const readJsonl: Reader = async (path, { remarks }) => {
  const isRun = await isFolder(path);
  const file = isRun ? join(path, RECORD_FILE) : path;
  const thresholds = isRun ? await thresholdsOf(path) : NO_THRESHOLDS;
  const numbers = new Map<string, number>();
  const images: AnnotatedImage[] = [];
  let line = 0;
  try {
    for await (const { text: content } of readLines(file)) {
      line++;
      if (content.trim() === '') continue;
      const parsed = remarks.attempt(() => parseLine(content, `${file}: line ${line}`));
      if (parsed === null) continue;
      const { detections: recorded, ...image } = parsed;
      const detections = isRun ? recorded.flatMap((detection) => overThresholds(detection, thresholds)) : recorded;
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

type Thresholds = Infer<typeof headerSchema>['thresholds'];

const NO_THRESHOLDS: Thresholds = { scoreThreshold: 0, labelThresholds: {} };

/** Those of the run's header. @throws SigboxError E_IO  there is none, or it can't be read */
async function thresholdsOf(folder: string): Promise<Thresholds> {
  const file = join(folder, 'run.json');
  return checkContent(headerSchema, await readJson(file), file).thresholds;
}

function overThresholds(detection: Detection, { scoreThreshold, labelThresholds }: Thresholds): Detection[] {
  const isOver = ({ label, score = 1 }: Detection['labels'][number]) =>
    score >= (Object.hasOwn(labelThresholds, label) ? labelThresholds[label]! : scoreThreshold);
  const labels = detection.labels.filter(isOver);
  return labels.length === 0 ? [] : [{ ...detection, labels }];
}

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
