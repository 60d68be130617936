import { readJson } from '../../files/read-file.js';
import type { AnnotatedImage, CocoId, Dataset, LabelFrequency } from '../../types/annotations.js';
import type { Reader } from '../format.js';
import { malformed } from '../reading/malformed.js';
import type { Remarks } from '../reading/remarks.js';
import { joinRows, type Row } from '../rows.js';
import { boxOfAnnotation, fieldsOf, idIn, idsIn, numberIn, scoreIn, textIn } from './coco-fields.js';
import { sizeOf } from './read-coco-text.js';
import { readLargeCoco } from './read-large-coco.js';

/** A category of a COCO file. */
interface Category {
  id: CocoId;
  name: string;
  frequency: LabelFrequency | undefined;
}

/** An image of a COCO file, with rows that are still to be joined. */
interface CocoImage extends Omit<AnnotatedImage, 'id' | 'regions'> {
  id: CocoId;
  rows: Row[];
}

/** Where a complaint is made, and where what is skipped is counted. */
interface Place {
  path: string;
  remarks: Remarks;
}

/** Larger files are read as their bytes come in: no text of JavaScript's holds more than 512 MiB. */
const LARGE = 128 << 20;

/**
 * Reads COCO's dataset form, LVIS's fields included: iscrowd, area, neg_category_ids, not_exhaustive_category_ids,
 * frequency; and the `score` of an annotation. An annotation without a bbox counts by the box around its polygons.
 * Categories of one name are one label, with the id that is used first.
 *
 * Sources: https://cocodataset.org/#format-data, https://www.lvisdataset.org/dataset
 */
export const readCoco: Reader = async (path, { remarks }) => {
  if ((await sizeOf(path)) > LARGE || path.endsWith('.gz')) return largeCoco(path, remarks);
  const file = fieldsOf(await readJson(path), path);
  const place = { path, remarks };
  const categories = entriesOf(file, 'categories', place, categoryOf);
  const names = new Map(categories.map(({ id, name }) => [id, name]));
  const images = distinct(
    entriesOf(file, 'images', place, (entry, where) => imageOf(entry, where, names)),
    remarks,
  );
  const used = addAnnotations(file, images, names, place);
  return {
    ...labelsAndIds(categories, used, remarks),
    images: [...images.values()].flatMap((image) => (image === null ? [] : [annotatedImage(image)])),
  };
};

/** The same dataset, of a file of any size. */
export async function largeCoco(path: string, remarks: Remarks): Promise<Dataset> {
  const { categories, images, used } = await readLargeCoco(path, { remarks });
  const known = categories.map(({ id, name, frequency = '' }) => ({ id, name, frequency: FREQUENCIES[frequency] }));
  return { ...labelsAndIds(known, used, remarks), images };
}

function entriesOf<T>(
  file: Record<string, unknown>,
  name: string,
  { path, remarks }: Place,
  read: (entry: Record<string, unknown>, where: string) => T,
): T[] {
  const entries = file[name];
  if (!Array.isArray(entries)) throw malformed(path, `a list of ${name}`, entries);
  return entries.flatMap((entry, i) => {
    const where = `${path}: ${name}.${i}`;
    return remarks.attempt(() => [read(fieldsOf(entry, where), where)]) ?? [];
  });
}

/** LVIS's letters. */
const FREQUENCIES: Record<string, LabelFrequency> = { r: 'rare', c: 'common', f: 'frequent' };

function categoryOf(entry: Record<string, unknown>, where: string): Category {
  return {
    id: idIn(entry, 'id', where),
    name: textIn(entry, 'name', where),
    frequency: FREQUENCIES[`${entry.frequency}`],
  };
}

function imageOf(entry: Record<string, unknown>, where: string, names: ReadonlyMap<CocoId, string>): CocoImage {
  const absent = labelsOf(idsIn(entry, 'neg_category_ids'), names);
  const incomplete = labelsOf(idsIn(entry, 'not_exhaustive_category_ids'), names);
  return {
    id: idIn(entry, 'id', where),
    image: imageName(entry, where),
    width: numberIn(entry, 'width', where) ?? 0,
    height: numberIn(entry, 'height', where) ?? 0,
    rows: [],
    ...(absent.length > 0 && { absent }),
    ...(incomplete.length > 0 && { incomplete }),
  };
}

/** LVIS has the URL only, which ends in the file's name. */
function imageName({ file_name, coco_url }: Record<string, unknown>, where: string): string {
  const name = file_name ?? (typeof coco_url === 'string' ? coco_url.split('/').at(-1) : undefined);
  if (typeof name !== 'string') throw malformed(where, 'a field file_name or coco_url', name);
  return name;
}

function labelsOf(ids: readonly CocoId[], names: ReadonlyMap<CocoId, string>): string[] {
  return [...new Set(ids.flatMap((id) => names.get(id) ?? []))];
}

/** By id; null where several different images have it. The same image twice is one. */
function distinct(images: readonly CocoImage[], remarks: Remarks): Map<CocoId, CocoImage | null> {
  const byId = new Map<CocoId, CocoImage | null>();
  const names = new Map<CocoId, Set<string>>();
  for (const image of images) {
    const known = names.get(image.id) ?? new Set();
    names.set(image.id, known.add(image.image));
    byId.set(image.id, known.size === 1 ? image : null);
  }
  for (const [id, shared] of names) {
    if (shared.size > 1) remarks.add('image-id', `${[...shared].slice(0, 2).join(' and ')} have ${id}`, shared.size);
  }
  return byId;
}

/** Adds annotations as rows of their images. @returns the categories that are used, in the order of their first use */
function addAnnotations(
  file: Record<string, unknown>,
  images: ReadonlyMap<CocoId, CocoImage | null>,
  names: ReadonlyMap<CocoId, string>,
  place: Place,
): Set<CocoId> {
  const { path, remarks } = place;
  const used = new Set<CocoId>();
  if (file.annotations === undefined || file.annotations === null) return used;
  entriesOf(file, 'annotations', place, (entry, where) => {
    const [imageId, categoryId] = [idIn(entry, 'image_id', where), idIn(entry, 'category_id', where)];
    const image = images.get(imageId);
    if (image === null) return; // which is told already
    const label = names.get(categoryId);
    if (image === undefined || label === undefined) {
      const what = image === undefined ? `image_id ${imageId}` : `category_id ${categoryId}`;
      remarks.add('orphan', `${where} has ${what}`);
      return;
    }
    const box = boxOfAnnotation(entry, where);
    if (box === null) {
      remarks.add('not-a-box', `${where} has neither a bbox nor polygons`);
      return;
    }
    const [area, score] = [numberIn(entry, 'area', where), scoreIn(entry, where)];
    used.add(categoryId);
    image.rows.push({
      ...box,
      label,
      ...(Boolean(entry.iscrowd) && { crowd: true }),
      ...(area !== undefined && { area }),
      ...(score !== undefined && { score }),
    });
  });
  requireAny(used, remarks, path);
  return used;
}

/** A file of which every annotation is an orphan is not what it is taken for. */
function requireAny(used: ReadonlySet<CocoId>, remarks: Remarks, path: string): void {
  const orphans = remarks.list.find(({ kind }) => kind === 'orphan');
  if (used.size > 0 || orphans === undefined) return;
  throw malformed(path, 'annotations of the images and categories that it lists', `${orphans.count} of others`);
}

function annotatedImage({ id, rows, image, width, height, ...federated }: CocoImage): AnnotatedImage {
  const number = typeof id === 'number' ? { id } : {};
  return { image, ...number, width, height, regions: joinRows(rows), ...federated };
}

/** Each label once; of several ids of one name, the one that an annotation uses first, else the first. */
function labelsAndIds(
  categories: readonly Category[],
  used: ReadonlySet<CocoId>,
  remarks: Remarks,
): Omit<Dataset, 'images'> {
  const byLabel = new Map<string, Category[]>();
  for (const category of categories) byLabel.set(category.name, [...(byLabel.get(category.name) ?? []), category]);
  const first = [...byLabel.values()].map((known) => known.find(({ id }) => used.has(id)) ?? known[0]!);
  for (const [name, known] of byLabel) {
    const ids = known.map(({ id }) => id).join(', ');
    if (known.length > 1) remarks.add('same-category', `${name}: ${ids}`, known.length - 1);
  }
  const ids = first.flatMap(({ id }) => (typeof id === 'number' ? [id] : []));
  const frequencies = first.flatMap(({ frequency }) => frequency ?? []);
  const hasFrequencies = frequencies.length === first.length && first.length > 0;
  return {
    labels: [...byLabel.keys()],
    ...(ids.length === first.length && { categoryIds: ids }),
    ...(hasFrequencies && { frequencies }),
  };
}
