import { complain } from '../../errors.js';
import { jsonArray } from '../../text/json-array.js';
import { toJson } from '../../text/json-number.js';
import type { AnnotatedImage } from '../../types/annotations.js';
import type { Box } from '../../types/detections.js';
import type { Annotations } from '../annotations.js';
import type { WriteContext, Writer } from '../format.js';
import { rowsOf } from '../rows.js';
import { cocoImageIds } from './coco-image-ids.js';

/**
 * COCO's dataset form, as annotation tools load it: images, annotations (one per label of a region, with `score` where
 * there is one) and categories. Images that `numbers` does not have are refused.
 *
 * Source: COCO data format, https://cocodataset.org/#format-data
 */
export const writeCoco: Writer = async function* (annotations, context) {
  yield { path: 'coco.json', pieces: dataset(annotations, numbersOf(annotations, context)) };
};

/**
 * COCO's results form, as pycocotools' loadRes and evaluation servers read it: one entry per label of a region.
 *
 * Source: COCO results format, https://cocodataset.org/#format-results
 *
 * @throws SigboxError E_ARGUMENT  no label has a score
 */
export const writeCocoResults: Writer = async function* (annotations, context) {
  if (context.survey.regions && !context.survey.scores) {
    const mend = 'The format coco contains annotations without scores.';
    throw complain('E_ARGUMENT', { where: 'coco-results', expected: 'labels with scores', received: 'none', mend });
  }
  const numbers = numbersOf(annotations, context);
  const rows = mapImages(annotations, numbers, (image, id) => {
    const entries = cocoRows(image, id, numbers).map(({ area: _a, iscrowd: _c, ...entry }) => entry);
    if (entries.every(({ score }) => score !== undefined)) return entries;
    context.refuse(image.image, 'it has labels without a score');
    return [];
  });
  yield { path: 'coco-results.json', pieces: withLineFeed(jsonArray(rows)) };
};

interface CocoNumbers {
  /** [images] NaN: not in the file */
  imageIds: readonly number[];
  /** By label. */
  categoryIds: ReadonlyMap<string, number>;
}

async function* dataset(annotations: Annotations, numbers: CocoNumbers): AsyncGenerator<string> {
  const images = mapImages(annotations, numbers, ({ image, width, height, absent, incomplete }, id) => [
    {
      ...{ id, file_name: image, width, height },
      ...(absent && { neg_category_ids: categoriesOf(absent, numbers) }),
      ...(incomplete && { not_exhaustive_category_ids: categoriesOf(incomplete, numbers) }),
    },
  ]);
  let count = 0;
  const rows = mapImages(annotations, numbers, (image, id) =>
    cocoRows(image, id, numbers).map(({ area, iscrowd, ...row }) => ({ id: ++count, ...row, area, iscrowd })),
  );
  const categories = [...numbers.categoryIds].map(([name, id]) => ({ id, name, supercategory: '' }));
  yield '{"images":';
  yield* jsonArray(images);
  yield ',\n"annotations":';
  yield* jsonArray(rows);
  yield `,\n"categories":${toJson(categories)}}\n`;
}

function numbersOf({ labels, categoryIds }: Annotations, { survey, numbers, refuse }: WriteContext): CocoNumbers {
  if (numbers === undefined) {
    return {
      imageIds: survey.ids ?? cocoImageIds(survey.names),
      categoryIds: new Map(labels.map((label, i) => [label, categoryIds[i]!])),
    };
  }
  const imageIds = numbers.imageIds(survey.names).map((id, i) => {
    if (typeof id === 'number') return id;
    refuse(survey.names[i]!, id);
    return Number.NaN;
  });
  return { imageIds, categoryIds: withOthers(numbers.categoryIds, labels) };
}

/** Labels that have no number are numbered behind the others, for evaluation to pass over. */
function withOthers(categoryIds: ReadonlyMap<string, number>, labels: readonly string[]): Map<string, number> {
  const ids = new Map(categoryIds);
  let next = Math.max(0, ...ids.values());
  for (const label of labels) if (!ids.has(label)) ids.set(label, ++next);
  return ids;
}

interface CocoRow {
  image_id: number;
  category_id: number;
  bbox: [x: number, y: number, width: number, height: number];
  score?: number;
  area: number;
  iscrowd: 0 | 1;
}

function cocoRows({ regions }: AnnotatedImage, id: number, { categoryIds }: CocoNumbers): CocoRow[] {
  return regions.flatMap(rowsOf).map(({ box, label, score, area, crowd }) => {
    const bbox = xywh(box);
    return {
      image_id: id,
      category_id: categoryIds.get(label)!,
      bbox,
      ...(score !== undefined && { score }),
      area: area ?? bbox[2] * bbox[3],
      iscrowd: crowd ? 1 : 0,
    };
  });
}

function xywh([x1, y1, x2, y2]: Box): CocoRow['bbox'] {
  return [x1, y1, x2 - x1, y2 - y1];
}

function categoriesOf(labels: readonly string[], { categoryIds }: CocoNumbers): number[] {
  return labels.flatMap((label) => categoryIds.get(label) ?? []);
}

async function* mapImages<T>(
  annotations: Annotations,
  { imageIds }: CocoNumbers,
  entries: (image: AnnotatedImage, id: number) => T[],
): AsyncGenerator<T> {
  let at = 0;
  for await (const image of annotations.images()) {
    const id = imageIds[at++]!;
    if (!Number.isNaN(id)) yield* entries(image, id);
  }
}

async function* withLineFeed(pieces: AsyncIterable<string>): AsyncGenerator<string> {
  yield* pieces;
  yield '\n';
}
