import type { Id } from '../text/json-scan/entry.js';
import { Ids } from './ids.js';

/** COCO's annotations, or its results, as columns of length n. */
export interface BoxColumns {
  count: number;
  /** Image and category ids by handle. */
  imageIds: readonly Id[];
  categoryIds: readonly Id[];
  /** [n] handles */
  images: Uint32Array;
  categories: Uint32Array;
  /** [n, 4] xyxy: x, y, x + width, y + height, as pycocotools adds them */
  boxes: Float64Array;
  /** [n] width · height */
  boxAreas: Float64Array;
  /** [n] NaN: none */
  scores: Float64Array;
  /** Null: results, which have none of these. */
  annotations: AnnotationColumns | null;
}

/** What only annotations have. */
export interface AnnotationColumns {
  /** [n] NaN: none; text ids are −0.5, −1.5 … */
  ids: Float64Array;
  /** [n, 2] width and height as the file has them */
  sizes: Float64Array;
  /** [n] NaN: none */
  areas: Float64Array;
  /** [n] 1: a crowd */
  crowds: Uint8Array;
}

/** One row to add. */
export interface BoxRow {
  image: Id;
  category: Id;
  x: number;
  y: number;
  width: number;
  height: number;
  /** NaN: none */
  score: number;
}

const FIRST_ROWS = 1024;

/** Columns that grow as rows are added. */
export class BoxColumnsBuilder {
  #count = 0;
  #capacity: number;
  readonly #imageIds = new Ids();
  readonly #categoryIds = new Ids();
  readonly #textIds = new Map<string, number>();
  #images: Uint32Array;
  #categories: Uint32Array;
  #boxes: Float64Array;
  #boxAreas: Float64Array;
  #scores: Float64Array;
  #annotations: AnnotationColumns | null;

  /** @param rows  how many there will probably be; memory for more than there are is never touched */
  constructor({ rows, annotations }: { rows: number; annotations: boolean }) {
    const n = Math.max(FIRST_ROWS, Math.ceil(rows));
    this.#capacity = n;
    this.#images = new Uint32Array(n);
    this.#categories = new Uint32Array(n);
    this.#boxes = new Float64Array(4 * n);
    this.#boxAreas = new Float64Array(n);
    this.#scores = new Float64Array(n);
    this.#annotations = annotations
      ? {
          ...{ ids: new Float64Array(n), sizes: new Float64Array(2 * n) },
          ...{ areas: new Float64Array(n), crowds: new Uint8Array(n) },
        }
      : null;
  }

  get count(): number {
    return this.#count;
  }

  add({ image, category, x, y, width, height, score }: BoxRow): void {
    if (this.#count === this.#capacity) this.#grow();
    const n = this.#count++;
    this.#images[n] = this.#imageIds.handle(image);
    this.#categories[n] = this.#categoryIds.handle(category);
    this.#boxes[4 * n] = x;
    this.#boxes[4 * n + 1] = y;
    this.#boxes[4 * n + 2] = x + width;
    this.#boxes[4 * n + 3] = y + height;
    this.#boxAreas[n] = width * height;
    this.#scores[n] = score;
    if (this.#annotations === null) return;
    this.#annotations.sizes[2 * n] = width;
    this.#annotations.sizes[2 * n + 1] = height;
  }

  /** Completes the row that was added last. @param area  NaN: none */
  describe({ id, area, crowd }: { id: Id | undefined; area: number; crowd: boolean }): void {
    const n = this.#count - 1;
    const { ids, areas, crowds } = this.#annotations!;
    ids[n] = typeof id === 'string' ? this.#textId(id) : (id ?? Number.NaN);
    areas[n] = area;
    crowds[n] = crowd ? 1 : 0;
  }

  #textId(id: string): number {
    const known = this.#textIds.get(id) ?? -0.5 - this.#textIds.size;
    this.#textIds.set(id, known);
    return known;
  }

  finish(): BoxColumns {
    const n = this.#count;
    const annotations = this.#annotations && {
      ids: this.#annotations.ids.subarray(0, n),
      sizes: this.#annotations.sizes.subarray(0, 2 * n),
      areas: this.#annotations.areas.subarray(0, n),
      crowds: this.#annotations.crowds.subarray(0, n),
    };
    return {
      ...{ count: n, imageIds: this.#imageIds.list, categoryIds: this.#categoryIds.list, annotations },
      ...{ images: this.#images.subarray(0, n), categories: this.#categories.subarray(0, n) },
      ...{ boxes: this.#boxes.subarray(0, 4 * n), boxAreas: this.#boxAreas.subarray(0, n) },
      scores: this.#scores.subarray(0, n),
    };
  }

  #grow(): void {
    this.#capacity *= 2;
    this.#images = larger(this.#images);
    this.#categories = larger(this.#categories);
    this.#boxes = larger(this.#boxes);
    this.#boxAreas = larger(this.#boxAreas);
    this.#scores = larger(this.#scores);
    if (this.#annotations === null) return;
    const { ids, sizes, areas, crowds } = this.#annotations;
    this.#annotations = { ids: larger(ids), sizes: larger(sizes), areas: larger(areas), crowds: larger(crowds) };
  }
}

function larger<Column extends Uint8Array | Uint32Array | Float64Array>(column: Column): Column {
  const copy = new (column.constructor as new (length: number) => Column)(2 * column.length);
  copy.set(column);
  return copy;
}
