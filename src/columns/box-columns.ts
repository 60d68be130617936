import type { Id } from '../text/json-scan/entry.js';
import { Ids } from './ids.js';

/** Annotations or results as columns of length n. */
export interface BoxColumns {
  count: number;
  /** What the ids are: COCO's, or names of images and labels. */
  idsAre: 'ids' | 'names';
  /** Ids of images and categories by handle; images without rows may be among them. */
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
  /** Width and height of images, by id, as far as the results say them. */
  imageSizes?: ReadonlyMap<Id, readonly [width: number, height: number]>;
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

/** One row to add, with the edges of its box. */
export interface CornerRow {
  image: Id;
  category: Id;
  x1: number;
  y1: number;
  x2: number;
  y2: number;
  score: number;
}

const FIRST_ROWS = 1024;

export interface BuilderOptions {
  /** How many there will probably be; memory for more than there are is never touched. */
  rows: number;
  annotations: boolean;
  idsAre?: BoxColumns['idsAre'];
}

/** Columns that grow as rows are added. */
export class BoxColumnsBuilder {
  #count = 0;
  #capacity: number;
  readonly #imageIds = new Ids();
  readonly #categoryIds = new Ids();
  readonly #idsAre: BoxColumns['idsAre'];
  readonly #textIds = new Map<string, number>();
  #images: Uint32Array;
  #categories: Uint32Array;
  #boxes: Float64Array;
  #boxAreas: Float64Array;
  #scores: Float64Array;
  #annotations: AnnotationColumns | null;

  constructor({ rows, annotations, idsAre = 'ids' }: BuilderOptions) {
    this.#idsAre = idsAre;
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

  /** Lists an image that may have no rows. */
  addImage(image: Id): void {
    this.#imageIds.handle(image);
  }

  /** Adds a row whose box is given by its edges. */
  addCorners({ image, category, x1, y1, x2, y2, score }: CornerRow): void {
    if (this.#count === this.#capacity) this.#grow();
    const n = this.#count++;
    this.#images[n] = this.#imageIds.handle(image);
    this.#categories[n] = this.#categoryIds.handle(category);
    this.#boxes[4 * n] = x1;
    this.#boxes[4 * n + 1] = y1;
    this.#boxes[4 * n + 2] = x2;
    this.#boxes[4 * n + 3] = y2;
    this.#boxAreas[n] = (x2 - x1) * (y2 - y1);
    this.#scores[n] = score;
  }

  /** Adds a row whose box is given as COCO has it. */
  add({ image, category, x, y, width, height, score }: BoxRow): void {
    this.addCorners({ image, category, x1: x, y1: y, x2: x + width, y2: y + height, score });
    const n = this.#count - 1;
    this.#boxAreas[n] = width * height; // the difference of the edges may miss the last bit
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
      ...{
        count: n,
        idsAre: this.#idsAre,
        imageIds: this.#imageIds.list,
        categoryIds: this.#categoryIds.list,
        annotations,
      },
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
