import { complain } from '../errors.js';
import { type FieldKind, type Fields, type Items, type JsonEntry, slotsOf } from '../text/json-scan/entry.js';
import { type JsonShape, scanJson } from '../text/json-scan/scan-json.js';
import { type BoxColumns, BoxColumnsBuilder } from './box-columns.js';
import { type CocoCategory, type CocoFile, type CocoImage, lastPart } from './coco-file.js';

/** What reading may be told. */
export interface ScanCocoOptions {
  /** Size of the text in bytes, if known: memory is set aside for the rows that so many bytes may hold. */
  bytes?: number;
  /** Further fields of images to read, such as attributes. Default none */
  imageFields?: readonly string[];
  /** Reads further fields of annotations, such as `segmentation`; called after the row was added. Default none */
  annotationFields?: { fields: Readonly<Record<string, FieldKind>>; visit(row: number, entry: JsonEntry): void };
}

/** A COCO text is a dataset, or results. */
export type CocoText = { kind: 'dataset'; file: CocoFile } | { kind: 'results'; results: BoxColumns };

type Chunks = AsyncIterable<Uint8Array> | Iterable<Uint8Array>;

/** Fewest bytes that an annotation, or a result, takes in a file. */
const BYTES_PER_ROW = 48;

const ANNOTATION = {
  id: 'id',
  image_id: 'id',
  category_id: 'id',
  bbox: 'box',
  area: 'number',
  iscrowd: 'flag',
  score: 'number',
} as const satisfies Fields;
const RESULT = { image_id: 'id', category_id: 'id', bbox: 'box', score: 'number' } as const;
const IMAGE = {
  id: 'id',
  file_name: 'text',
  coco_url: 'text',
  width: 'number',
  height: 'number',
  neg_category_ids: 'ids',
  not_exhaustive_category_ids: 'ids',
} as const satisfies Fields;
const CATEGORY = { id: 'id', name: 'text', frequency: 'label' } as const;

/**
 * Reads a COCO dataset, LVIS's fields included, or COCO results, as their bytes come in.
 *
 * Sources: https://cocodataset.org/#format-data and #format-results, https://www.lvisdataset.org/dataset
 *
 * @param where  what the bytes are of, for errors: a file's name
 * @returns null: JSON of another kind, without the lists of a COCO dataset or the ids of COCO results
 * @throws SigboxError E_IO  no JSON, a field that is missing or of another type; names line and column
 */
export async function scanCoco(chunks: Chunks, where: string, options: ScanCocoOptions = {}): Promise<CocoText | null> {
  const rows = (options.bytes ?? 0) / BYTES_PER_ROW;
  const images: CocoImage[] = [];
  const categories: CocoCategory[] = [];
  const annotations = new BoxColumnsBuilder({ rows, annotations: true });
  const results = new BoxColumnsBuilder({ rows, annotations: false });
  const seen = { list: false, images: false, annotations: false, categories: false };
  const shape: JsonShape = {
    items: resultItems(results),
    members: {
      images: imageItems(images, options.imageFields ?? []),
      annotations: annotationItems(annotations, options.annotationFields),
      categories: categoryItems(categories),
    },
    opens: (key) => {
      seen[key === '' ? 'list' : (key as 'images')] = true;
    },
  };
  try {
    await scanJson(chunks, shape, where);
  } catch (error) {
    if (error === OTHER_LIST) return null;
    throw error;
  }
  if (seen.list) return { kind: 'results', results: results.finish() };
  if (!seen.images || !(seen.annotations || seen.categories)) return null;
  if (!seen.categories) throw complain('E_IO', { where, expected: 'a list of categories', received: 'none' });
  return { kind: 'dataset', file: { images, categories, annotations: annotations.finish() } };
}

/** Thrown where a list is of other things than COCO results. */
const OTHER_LIST = Symbol('another list');
const NEEDED = ['image_id', 'category_id', 'bbox', 'score'] as const;

function resultItems(rows: BoxColumnsBuilder): Items {
  const slots = slotsOf(RESULT);
  return {
    fields: RESULT,
    visit: (entry) => {
      const missing = NEEDED.filter((name) => !entry.has(slots[name]));
      if (entry.index === 0 && missing.includes('image_id') && missing.includes('category_id')) throw OTHER_LIST;
      if (missing.length > 0) throw entry.fail(`a field ${missing[0]}`, 'none');
      add(rows, entry, slots);
    },
  };
}

function annotationItems(rows: BoxColumnsBuilder, more: ScanCocoOptions['annotationFields']): Items {
  const fields: Fields = { ...ANNOTATION, ...more?.fields };
  const slots = slotsOf(ANNOTATION);
  return {
    fields,
    required: ['image_id', 'category_id', 'bbox'],
    visit: (entry) => {
      add(rows, entry, slots);
      const crowd = entry.numbers[slots.iscrowd]!;
      rows.describe({ id: entry.id(slots.id), area: entry.numbers[slots.area]!, crowd: crowd > 0 || crowd < 0 });
      more?.visit(rows.count - 1, entry);
    },
  };
}

interface BoxSlots {
  image_id: number;
  category_id: number;
  bbox: number;
  score: number;
}

function add(rows: BoxColumnsBuilder, entry: JsonEntry, { image_id, category_id, bbox, score }: BoxSlots): void {
  const { numbers } = entry;
  const [x, y, width, height] = [numbers[bbox]!, numbers[bbox + 1]!, numbers[bbox + 2]!, numbers[bbox + 3]!];
  if (!(Number.isFinite(x + width) && Number.isFinite(y + height))) {
    throw entry.fail('bbox to be within the range of float64', 'a larger one');
  }
  const [image, category] = [entry.id(image_id)!, entry.id(category_id)!];
  rows.add({ image, category, x, y, width, height, score: numbers[score]! });
}

function imageItems(images: CocoImage[], names: readonly string[]): Items {
  const others = names.filter((name) => !Object.hasOwn(IMAGE, name));
  const fields = { ...IMAGE, ...Object.fromEntries(others.map((name) => [name, 'json' as const])) };
  const slots = slotsOf<string>(fields) as Record<string, number> & Record<keyof typeof IMAGE, number>;
  return {
    fields,
    required: ['id'],
    visit: (entry) => {
      const { numbers, texts, values } = entry;
      const absent = values[slots.neg_category_ids] as CocoImage['absent'];
      const incomplete = values[slots.not_exhaustive_category_ids] as CocoImage['incomplete'];
      const more = names.map((name) => [name, fieldValue(entry, slots[name]!)] as const);
      images.push({
        id: entry.id(slots.id)!,
        name: texts[slots.file_name] ?? lastPart(texts[slots.coco_url]),
        width: numbers[slots.width]! || 0,
        height: numbers[slots.height]! || 0,
        ...(absent !== undefined && { absent }),
        ...(incomplete !== undefined && { incomplete }),
        ...(more.length > 0 && { fields: Object.fromEntries(more) }),
      });
    },
  };
}

function fieldValue({ numbers, texts, values }: JsonEntry, slot: number): unknown {
  return values[slot] ?? texts[slot] ?? (Number.isNaN(numbers[slot]) ? undefined : numbers[slot]);
}

function categoryItems(categories: CocoCategory[]): Items {
  const slots = slotsOf(CATEGORY);
  return {
    fields: CATEGORY,
    required: ['id'],
    visit: (entry) => {
      const id = entry.id(slots.id)!;
      const frequency = entry.texts[slots.frequency];
      const name = entry.texts[slots.name] ?? String(id);
      categories.push({ id, name, ...(frequency !== undefined && { frequency }) });
    },
  };
}
