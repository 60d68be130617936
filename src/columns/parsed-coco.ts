import { complain } from '../errors.js';
import type { Id } from '../text/json-scan/entry.js';
import { type BoxColumns, BoxColumnsBuilder } from './box-columns.js';
import { type CocoFile, type CocoImage, lastPart } from './coco-file.js';

/** COCO's dataset form as JSON.parse gives it. LVIS's fields make it federated. */
export interface CocoDataset {
  images: readonly {
    id: Id;
    file_name?: string;
    coco_url?: string;
    width?: number | null;
    height?: number | null;
    neg_category_ids?: readonly Id[];
    not_exhaustive_category_ids?: readonly Id[];
  }[];
  annotations: readonly {
    id?: Id;
    image_id: Id;
    category_id: Id;
    bbox: readonly number[];
    area?: number;
    iscrowd?: number | boolean;
    score?: number;
  }[];
  categories: readonly { id: Id; name: string; frequency?: string }[];
}

/** An entry of COCO's results form as JSON.parse gives it; bbox is x, y, width, height. */
export interface CocoResult {
  image_id: Id;
  category_id: Id;
  bbox: readonly number[];
  score: number;
}

/**
 * A parsed COCO dataset as columns.
 *
 * @throws SigboxError E_ARGUMENT  a field that is missing or of the wrong type
 */
export function columnsOfDataset(dataset: CocoDataset): CocoFile {
  const where = 'ground truth';
  const images = listOf(dataset, 'images').map((image, i): CocoImage => {
    const { neg_category_ids: absent, not_exhaustive_category_ids: incomplete, width, height } = image;
    return {
      id: idOf(image.id, `${where}: images.${i}.id`),
      name: image.file_name ?? lastPart(image.coco_url),
      ...{ width: width ?? 0, height: height ?? 0 },
      ...(absent && { absent }),
      ...(incomplete && { incomplete }),
    };
  });
  const categories = listOf(dataset, 'categories').map(({ id, name, frequency }, i) => ({
    id: idOf(id, `${where}: categories.${i}.id`),
    name: String(name ?? id),
    ...(frequency !== undefined && { frequency }),
  }));
  const entries = listOf(dataset, 'annotations');
  const rows = new BoxColumnsBuilder({ rows: entries.length, annotations: true });
  for (const [i, { id, image_id, category_id, bbox, area, iscrowd, score }] of entries.entries()) {
    addRow(rows, { image_id, category_id, bbox }, score ?? Number.NaN, () => `${where}: annotations.${i}`);
    rows.describe({ id, area: area ?? Number.NaN, crowd: Boolean(iscrowd) });
  }
  return { images, categories, annotations: rows.finish() };
}

/**
 * Parsed COCO results as columns.
 *
 * @throws SigboxError E_ARGUMENT  a field that is missing or of the wrong type
 */
export function columnsOfResults(results: readonly CocoResult[]): BoxColumns {
  const rows = new BoxColumnsBuilder({ rows: results.length, annotations: false });
  for (const [i, result] of results.entries()) {
    const { score } = result;
    if (typeof score !== 'number' || Number.isNaN(score)) {
      const expected = 'a score for every label';
      throw complain('E_ARGUMENT', { where: `results: ${i}`, expected, received: score });
    }
    addRow(rows, result, score, () => `results: ${i}`);
  }
  return rows.finish();
}

function addRow(
  rows: BoxColumnsBuilder,
  { image_id, category_id, bbox }: Pick<CocoResult, 'image_id' | 'category_id' | 'bbox'>,
  score: number,
  where: () => string,
): void {
  const [x, y, width, height] = (Array.isArray(bbox) ? bbox : []) as [number, number, number, number];
  if (bbox?.length !== 4 || !Number.isFinite(x + width) || !Number.isFinite(y + height)) {
    const expected = 'bbox to be four numbers: x, y, width, height';
    throw complain('E_ARGUMENT', { where: where(), expected, received: bbox });
  }
  rows.add({ image: image_id, category: category_id, x, y, width, height, score });
}

function listOf<Name extends keyof CocoDataset>(dataset: CocoDataset, name: Name): CocoDataset[Name] {
  const value: unknown = dataset[name];
  if (!Array.isArray(value)) {
    throw complain('E_ARGUMENT', { where: 'ground truth', expected: `a list of ${name}`, received: value });
  }
  const odd = value.findIndex((entry) => typeof entry !== 'object' || entry === null);
  if (odd < 0) return value as never;
  const where = `ground truth: ${name}.${odd}`;
  throw complain('E_ARGUMENT', { where, expected: 'an object', received: value[odd] });
}

function idOf(id: unknown, where: string): Id {
  if (typeof id === 'number' || typeof id === 'string') return id;
  throw complain('E_ARGUMENT', { where, expected: 'a number or text', received: id });
}
