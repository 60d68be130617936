import { BLOCK_ROWS } from '../../protocol/blocks.js';
import type { Corrections } from '../../protocol/info.js';
import type { Knobs } from '../../protocol/knobs.js';
import type { ConfusionRows, Numbers, Order } from '../../protocol/messages.js';
import { type KnobView, showsAll } from '../../protocol/view.js';
import type { Judge } from './judge.js';
import { joinTables, type LabelTable, labelTable, visibleFrom } from './label-table.js';
import type { Rival } from './rival.js';
import { allImages, type Facts, selectImages, selectPatches } from './select.js';
import type { Source } from './source.js';

/** Bars of the histogram of scores. */
const BARS = 20;

/** The whole run, or as much of it as has arrived, under some knobs. */
export class Census {
  readonly #source: Source;
  readonly #judge: Judge | null;
  readonly #rival: Rival | null;
  /** By block: labels from the floor on; and those that are visible where thresholds do more than to hide some. */
  readonly #floors = new Map<number, LabelTable>();
  readonly #visibles = new Map<number, LabelTable>();
  #knobs: Knobs | undefined;
  #floorKey = '';
  #floor: LabelTable | undefined;
  #visible: LabelTable | undefined;
  #judged: Knobs | undefined;
  #flags = new Uint8Array(0);
  #histogram: Uint32Array | undefined;

  constructor(source: Source, judge: Judge | null, rival: Rival | null = null) {
    this.#source = source;
    this.#judge = judge;
    this.#rival = rival;
  }

  /** Begins with other knobs; keeps of earlier work what they leave as it is. */
  begin(knobs: Knobs): void {
    const before = this.#knobs;
    this.#source.knobs = knobs;
    if (this.#source.floorKey !== this.#floorKey) {
      this.#floors.clear();
      this.#floor = undefined;
      this.#floorKey = this.#source.floorKey;
    }
    this.#visibles.clear();
    this.#visible = undefined;
    if (before?.matchIou !== knobs.matchIou) this.#judged = undefined;
    this.#knobs = knobs;
  }

  /** Works on one more block. @returns whether there was one */
  step(): boolean {
    for (let block = 0; block * BLOCK_ROWS < this.#source.info.images; block++) {
      if (!this.#source.has(block * BLOCK_ROWS) || this.#isDone(block)) continue;
      this.#work(block);
      return true;
    }
    return false;
  }

  /** Blocks from the first on, as far as they are done without a gap. */
  get images(): number {
    let block = 0;
    while (block * BLOCK_ROWS < this.#source.info.images && this.#isDone(block)) block++;
    return Math.min(block * BLOCK_ROWS, this.#source.info.images);
  }

  numbers(): Numbers {
    const { info } = this.#source;
    const knobs = this.#knobs!;
    const { table, from } = this.#shown();
    const counts = count(table, from, info.labels.length);
    const images = table.starts.length - 1;
    const exact = images === info.images;
    return {
      images,
      exact,
      ...counts,
      histogram: this.#histogramAtFloor(),
      doubts: this.#doubts(),
      judgement: this.#judge === null ? null : this.#judging().judge(knobs),
    };
  }

  confusion(): ConfusionRows | null {
    return this.#judge === null ? null : this.#judging().confusion(this.#knobs!);
  }

  order(view: KnobView, corrections: Corrections, patches: boolean): Order {
    const { table, from } = this.#shown();
    const images = table.starts.length - 1;
    const needsOutcomes = this.#judge !== null && (view.outcome !== 'all' || view.sort === 'errors');
    const facts: Facts = {
      table,
      from,
      flags: this.#flags,
      corrections,
      outcomes: needsOutcomes ? this.#judging().outcomes(images, this.#knobs!) : null,
      special: this.#special(view),
      differences: this.#differences(view),
    };
    if (patches) return { ...selectPatches(facts, view), images };
    // which images there are is known before any of them has arrived
    const rows = showsAll(view) ? allImages(this.#source.info.images, view.descending) : selectImages(facts, view);
    return { rows, patches: null, images };
  }

  /** The labels that are visible, of the images that are done. */
  visibleTable(): LabelTable {
    const { table, from } = this.#shown();
    return over(table, from);
  }

  #differences({ sort, outcome }: KnobView): Uint32Array | null {
    if (this.#rival === null || (sort !== 'difference' && outcome !== 'different')) return null;
    return this.#rival.differences(this.#source.info.labels, this.visibleTable(), this.#knobs!.matchIou);
  }

  #isDone(block: number): boolean {
    return this.#floors.has(block) && (this.#source.thresholdsOnlyHide || this.#visibles.has(block));
  }

  #work(block: number): void {
    const first = block * BLOCK_ROWS;
    const count = Math.min(BLOCK_ROWS, this.#source.info.images - first);
    const rows = Array.from({ length: count }, (_, i) => first + i);
    if (!this.#floors.has(block)) {
      this.#floors.set(block, labelTable(rows.map((row) => this.#source.atFloor(row))));
      this.#floor = undefined;
    }
    if (!this.#source.thresholdsOnlyHide) {
      this.#visibles.set(block, labelTable(rows.map((row) => this.#source.visible(row))));
    }
    this.#visible = undefined;
  }

  #atFloor(): LabelTable {
    if (this.#floor === undefined) {
      this.#floor = this.#joined(this.#floors);
      this.#histogram = undefined;
    }
    return this.#floor;
  }

  #doubts(): Numbers['doubts'] {
    const [why] = this.#source.doubts.values();
    return why === undefined ? null : { images: this.#source.doubts.size, why };
  }

  #histogramAtFloor(): Uint32Array {
    const { scores } = this.#atFloor();
    this.#histogram ??= histogram(scores);
    return this.#histogram;
  }

  /** Labels, and the score from which each class of them is visible. */
  #shown(): Pick<Facts, 'table' | 'from'> {
    const { info, thresholdsOnlyHide } = this.#source;
    if (thresholdsOnlyHide) return { table: this.#atFloor(), from: visibleFrom(info.labels, this.#knobs!) };
    this.#visible ??= this.#joined(this.#visibles);
    return { table: this.#visible, from: new Float64Array(info.labels.length) };
  }

  #joined(tables: ReadonlyMap<number, LabelTable>): LabelTable {
    const blocks = Math.ceil(this.images / BLOCK_ROWS);
    if (this.#flags.length !== this.images) {
      this.#flags = Uint8Array.from({ length: this.images }, (_, row) => this.#source.size(row).flags);
    }
    this.#judged = undefined;
    return joinTables(Array.from({ length: blocks }, (_, block) => tables.get(block)!));
  }

  /** The judge, with the labels from the floor on taken. */
  #judging(): Judge {
    const table = this.#atFloor();
    if (this.#judged === undefined) this.#judge!.take(table, this.#knobs!.matchIou);
    this.#judged = this.#knobs;
    return this.#judge!;
  }

  #special({ confusion, error }: KnobView): Uint8Array | null {
    if (this.#judge === null || (confusion === null && error === null)) return null;
    const { matchIou } = this.#knobs!;
    const { table, from } = this.#shown();
    return this.#judge.imagesWith({ table: over(table, from), matchIou, confusion, error });
  }
}

function count(
  { starts, regions, classIds, scores }: LabelTable,
  from: Float64Array,
  labels: number,
): Pick<Numbers, 'visible' | 'regions' | 'withRegions'> {
  const visible = new Uint32Array(labels);
  let [all, withRegions] = [0, 0];
  for (let image = 0; image + 1 < starts.length; image++) {
    let last = -1;
    for (let i = starts[image]!; i < starts[image + 1]!; i++) {
      const classId = classIds[i]!;
      if (!(Math.fround(scores[i]!) >= from[classId]!)) continue;
      visible[classId]!++;
      if (regions[i] !== last) all++;
      last = regions[i]!;
    }
    if (last >= 0) withRegions++;
  }
  return { visible, regions: all, withRegions };
}

function histogram(scores: Float64Array): Uint32Array {
  const bars = new Uint32Array(BARS);
  for (const score of scores) bars[Math.min(BARS - 1, Math.floor(score * BARS))]!++;
  return bars;
}

/** The labels that are visible, of all images. */
function over(table: LabelTable, from: Float64Array): LabelTable {
  const { starts, regions, classIds, scores, boxes } = table;
  const rows: number[] = [];
  const ends = new Uint32Array(starts.length);
  for (let image = 0; image + 1 < starts.length; image++) {
    for (let i = starts[image]!; i < starts[image + 1]!; i++) {
      if (Math.fround(scores[i]!) >= from[classIds[i]!]!) rows.push(i);
    }
    ends[image + 1] = rows.length;
  }
  return {
    starts: ends,
    regions: Uint32Array.from(rows, (row) => regions[row]!),
    classIds: Uint16Array.from(rows, (row) => classIds[row]!),
    scores: Float64Array.from(rows, (row) => scores[row]!),
    boxes: Float64Array.from({ length: 4 * rows.length }, (_, k) => boxes[4 * rows[k >> 2]! + (k & 3)]!),
  };
}
