import * as v from 'valibot';
import { complain } from '../../errors.js';
import { readJson } from '../../files/read-file.js';
import type { AnnotatedImage, AnnotatedRegion, Dataset, LabelFrequency } from '../../types/annotations.js';
import type { Box } from '../../types/detections.js';
import { checked, malformed } from '../check.js';
import { joinRows, type Row } from '../csv/rows.js';
import type { Reader } from '../format.js';

const number = v.number();
const xywh = v.tuple([number, number, number, number]);
const ids = v.optional(v.array(number), []);
const score = v.exactOptional(v.pipe(number, v.minValue(0), v.maxValue(1)));

const datasetSchema = v.object({
  images: v.array(
    v.object({
      id: number,
      file_name: v.exactOptional(v.string()),
      coco_url: v.exactOptional(v.string()),
      width: v.optional(number, 0),
      height: v.optional(number, 0),
      neg_category_ids: ids,
      not_exhaustive_category_ids: ids,
    }),
  ),
  annotations: v.optional(
    v.array(
      v.object({
        image_id: number,
        category_id: number,
        bbox: xywh,
        area: v.exactOptional(number),
        iscrowd: v.exactOptional(v.union([number, v.boolean()])),
        score,
      }),
    ),
    [],
  ),
  categories: v.array(v.object({ id: number, name: v.string(), frequency: v.exactOptional(v.string()) })),
});

const resultsSchema = v.array(
  v.object({ image_id: number, category_id: number, bbox: xywh, score: v.pipe(number, v.minValue(0), v.maxValue(1)) }),
);

type CocoFile = v.InferOutput<typeof datasetSchema>;

/**
 * Reads COCO's dataset form, LVIS's fields included: iscrowd, area, neg_category_ids, not_exhaustive_category_ids,
 * frequency; and the `score` of an annotation. Categories of one name are one label, with the id that is used first.
 *
 * Sources: https://cocodataset.org/#format-data, https://www.lvisdataset.org/dataset
 */
export const readCoco: Reader = async (path) => {
  const file = checked(datasetSchema, await readJson(path), path);
  const names = new Map(file.categories.map(({ id, name }) => [id, name]));
  const rows = rowsById(file, names, path);
  const images = file.images.map((image, i): AnnotatedImage => {
    const absent = labelsOf(image.neg_category_ids, names);
    const incomplete = labelsOf(image.not_exhaustive_category_ids, names);
    return {
      image: nameOf(image, `${path}: images.${i}`),
      id: image.id,
      width: image.width,
      height: image.height,
      regions: joinRows(rows.get(image.id)!),
      ...(absent.length > 0 && { absent }),
      ...(incomplete.length > 0 && { incomplete }),
    };
  });
  return { ...labelsAndIds(file), images };
};

/**
 * Reads COCO's results form against the dataset whose images and categories it numbers. Category numbers that the
 * dataset does not have become labels of their own, named by the number.
 *
 * @throws SigboxError E_ARGUMENT  no dataset, or one that does not number its images
 */
export const readCocoResults: Reader = async (path, { dataset }) => {
  const names = new Map(dataset?.labels.map((label, i) => [dataset.categoryIds?.[i] ?? i, label]));
  const rows = new Map<number, Row[]>();
  for (const { id } of dataset?.images ?? []) if (id !== undefined) rows.set(id, []);
  if (dataset === undefined || rows.size < dataset.images.length) {
    const expected = 'a dataset with ids of images, for COCO results hold only numbers';
    const mend = 'Name the COCO file that the results are for (dataset; on the command line --dataset).';
    throw complain('E_ARGUMENT', { where: path, expected, received: dataset ?? 'none', mend });
  }
  const entries = checked(resultsSchema, await readJson(path), path);
  for (const [i, { image_id, category_id, bbox, score }] of entries.entries()) {
    const label = names.get(category_id) ?? String(category_id);
    names.set(category_id, label);
    const place = rows.get(image_id);
    if (place === undefined) throw malformed(`${path}: ${i}.image_id`, 'an image of the dataset', image_id);
    place.push({ ...placeOf(bbox), label, score });
  }
  const images = dataset.images.flatMap(({ id, image, width, height }) =>
    id === undefined ? [] : [{ image, id, width, height, regions: joinRows(rows.get(id)!) }],
  );
  return { labels: [...names.values()], categoryIds: [...names.keys()], images };
};

function rowsById({ images, annotations }: CocoFile, names: ReadonlyMap<number, string>, path: string) {
  const rows = new Map<number, Row[]>();
  for (const [i, { id }] of images.entries()) {
    if (rows.has(id)) throw malformed(`${path}: images.${i}.id`, 'a number of its own', id);
    rows.set(id, []);
  }
  for (const [i, { image_id, category_id, bbox, iscrowd, ...rest }] of annotations.entries()) {
    const label = names.get(category_id);
    const place = rows.get(image_id);
    const where = `${path}: annotations.${i}`;
    if (label === undefined) throw malformed(`${where}.category_id`, 'the id of a category', category_id);
    if (place === undefined) throw malformed(`${where}.image_id`, 'the id of an image', image_id);
    const { area, score } = rest;
    place.push({
      ...placeOf(bbox),
      label,
      ...(iscrowd && { crowd: true }),
      ...(area !== undefined && { area }),
      ...(score !== undefined && { score }),
    });
  }
  return rows;
}

/** Each label once; of several ids of one name, the one that an annotation uses first, else the first. */
function labelsAndIds({ categories, annotations }: CocoFile): Omit<Dataset, 'images'> {
  const byLabel = new Map<string, number[]>();
  for (const { id, name } of categories) byLabel.set(name, [...(byLabel.get(name) ?? []), id]);
  const used = new Set(annotations.map(({ category_id }) => category_id));
  const categoryIds = [...byLabel.values()].map((known) => known.find((id) => used.has(id)) ?? known[0]!);
  const byId = new Map(categories.map(({ id, frequency = '' }) => [id, FREQUENCIES[frequency]]));
  const frequencies = categoryIds.flatMap((id) => byId.get(id) ?? []);
  const all = frequencies.length === categoryIds.length && frequencies.length > 0;
  return { labels: [...byLabel.keys()], categoryIds, ...(all && { frequencies }) };
}

/** LVIS's letters. */
const FREQUENCIES: Record<string, LabelFrequency> = { r: 'rare', c: 'common', f: 'frequent' };

function labelsOf(ids: readonly number[], names: ReadonlyMap<number, string>): string[] {
  return [...new Set(ids.flatMap((id) => names.get(id) ?? []))];
}

/** LVIS has the URL only, which ends in the file's name. */
function nameOf({ file_name, coco_url }: CocoFile['images'][number], where: string): string {
  const name = file_name ?? coco_url?.split('/').at(-1);
  if (name === undefined) throw malformed(where, 'a field file_name or coco_url', undefined);
  return name;
}

/** Edges as they are counted from x, y, width and height, not clipped; and the size where edges don't give it back. */
function placeOf([x, y, width, height]: [number, number, number, number]): Pick<AnnotatedRegion, 'box' | 'size'> {
  const box: Box = [x, y, x + width, y + height];
  const exact = box[2] - x === width && box[3] - y === height;
  return exact ? { box } : { box, size: [width, height] };
}
