import type { Box, DetectionResult, LabelList } from '../types.js';
import { toJson } from './json-number.js';

/** What COCO files need besides the results. */
export interface CocoOptions {
  /** A model's label per class column. */
  labels: LabelList;
  /** [classes] the category id of each class. */
  categoryIds: readonly number[];
  /** The id of an image, by its name in the results. */
  imageId: (image: string) => number;
}

type CocoIds = Omit<CocoOptions, 'labels'>;

/** Results that can be gone through more than once, so that files of any size are written in little memory. */
export type Results = () => AsyncIterable<DetectionResult>;

/**
 * COCO's dataset form, as annotation tools load it: images, annotations (one per label of a region, with `score`) and
 * categories. In pieces, for a file.
 *
 * Source: COCO data format, https://cocodataset.org/#format-data
 */
export async function* cocoDataset(results: Results, { labels, ...ids }: CocoOptions): AsyncGenerator<string> {
  const { imageId, categoryIds } = ids;
  const categories = labels.flatMap((name, classId) =>
    name === null ? [] : [{ id: categoryIds[classId], name, supercategory: '' }],
  );
  const images = mapEach(results(), ({ image, width, height }) => [
    { id: imageId(image!), file_name: image, width, height },
  ]);
  let annotations = 0;
  const rows = mapEach(results(), (result) =>
    cocoRows(result, ids).map((row) => {
      const area = row.bbox[2] * row.bbox[3];
      return { id: ++annotations, ...row, area, iscrowd: 0 };
    }),
  );
  yield '{"images":';
  yield* jsonArray(images);
  yield ',\n"annotations":';
  yield* jsonArray(rows);
  yield `,\n"categories":${toJson(categories)}}\n`;
}

/**
 * COCO's results form, as pycocotools' loadRes and evaluation servers read it: one entry per label of a region.
 *
 * Source: COCO results format, https://cocodataset.org/#format-results
 */
export async function* cocoResults(results: Results, ids: CocoIds): AsyncGenerator<string> {
  yield* jsonArray(mapEach(results(), (result) => cocoRows(result, ids)));
  yield '\n';
}

/**
 * Ids for a folder's images: the number in the name where all names are different plain numbers, as COCO's are
 * (000000000139.jpg is 139), else 1, 2, 3 in the order of the names given.
 */
export function cocoImageIds(images: readonly string[]): Map<string, number> {
  const stems = images.map((image) => /(?:^|\/)(\d{1,15})\.[^./]+$/.exec(image)?.[1]);
  const numbers = stems.map((stem) => (stem === undefined ? Number.NaN : Number(stem)));
  const numbered = !numbers.some(Number.isNaN) && new Set(numbers).size === images.length;
  return new Map(images.map((image, i) => [image, numbered ? numbers[i]! : i + 1]));
}

interface CocoRow {
  image_id: number;
  category_id: number;
  bbox: [x: number, y: number, width: number, height: number];
  score: number;
}

function cocoRows({ image, detections }: DetectionResult, { imageId, categoryIds }: CocoIds): CocoRow[] {
  return detections.flatMap(({ box, labels }) =>
    labels.map(({ classId, score }) => ({
      image_id: imageId(image!),
      category_id: categoryIds[classId]!,
      bbox: xywh(box),
      score,
    })),
  );
}

function xywh([x1, y1, x2, y2]: Box): CocoRow['bbox'] {
  return [x1, y1, x2 - x1, y2 - y1];
}

async function* mapEach<T>(
  results: AsyncIterable<DetectionResult>,
  entries: (result: DetectionResult) => T[],
): AsyncGenerator<T> {
  for await (const result of results) yield* entries(result);
}

async function* jsonArray(entries: AsyncIterable<unknown>): AsyncGenerator<string> {
  let before = '[\n';
  for await (const entry of entries) {
    yield before + toJson(entry);
    before = ',\n';
  }
  yield before === '[\n' ? '[]' : '\n]';
}
