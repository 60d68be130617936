import { orderBy, orderByScore, rowNumbers } from '../matching/orders.js';
import { overlapOf } from '../matching/overlap.js';
import type { BoxTable, DetectionTable, GroundTruthTable, TableSize } from '../matching/tables.js';
import type { RuleViolations, ViolationCount } from './rule-violations.js';
import { type Counts, type Rates, ratesOf, sumOf } from './score-counts.js';

/** How sets of labels compare, an object counted once however many labels it has. */
export interface LabelSetEvaluation {
  /** Objects of the ground truth: boxes, with all their labels. Without crowds and difficult ones. */
  objects: number;
  /** Of these, those with several labels. */
  multiLabelObjects: number;
  /** Detected regions with a label over its threshold. */
  regions: number;
  multiLabelRegions: number;
  /** Objects matched by a region, whatever its labels. */
  matched: number;
  /** Of objects without regard to labels: matched / regions, matched / objects. */
  precision: number | null;
  recall: number | null;
  f1: number | null;
  /** Of matched objects: the share whose label sets are equal. Null: no object is matched */
  exactMatch: number | null;
  /** Of matched objects: the share of all (object, label) pairs on which the two sets differ. */
  hammingLoss: number | null;
  /** Of matched objects: counts of labels, all together. */
  micro: Counts & Rates;
  /** Means over the labels that matched objects or their regions have; a label without precision, recall or F1 counts as 0. */
  macro: LabelSetRates;
  /** Means over matched objects. */
  samples: LabelSetRates;
  /** Of detected regions that count; null: no rules were given */
  violations: RuleViolations | null;
}

export interface LabelSetRates {
  precision: number | null;
  recall: number | null;
  f1: number | null;
}

export interface LabelSetOptions {
  /** A region matches an object if their IoU is at least this. */
  iouThreshold: number;
  /** [classes] lowest score that counts */
  scoreThresholds: ArrayLike<number>;
  /** Counts violations of label rules. */
  violations: ViolationCount;
}

/** One box with all its labels. */
interface LabelSet {
  /** The rows with its box, in order; the first one stands for the box. */
  rows: [number, ...number[]];
  classIds: Set<number>;
}

/**
 * Compares label sets. Boxes of one image with equal coordinates are one object, or one region, with several labels.
 *
 * Regions, best score first (ties: the file's order), take the free object that they overlap most (ties: the file's order), if
 * the IoU reaches the threshold. An object counts as ignored if all its rows are crowds or difficult; a region without an object
 * that overlaps an ignored one is not counted.
 *
 * Source of the measures: scikit-learn's multilabel metrics on the matched objects, with zero_division=0.
 */
export function labelSets(
  groundTruths: GroundTruthTable,
  detections: DetectionTable,
  size: TableSize,
  { iouThreshold, scoreThresholds, violations }: LabelSetOptions,
): LabelSetEvaluation {
  const tally = new Tally(size.classes);
  const reaching = rowNumbers(detections.scores.length).filter(
    (row) => detections.scores[row]! >= scoreThresholds[detections.classIds[row]!]!,
  );
  const objectsOf = setsByImage(groundTruths, rowNumbers(groundTruths.images.length), size.images);
  const regionsOf = setsByImage(detections, orderByScore(reaching, detections.scores), size.images);
  const isIgnored = (row: number) => groundTruths.crowds[row] === 1 || groundTruths.difficult[row] === 1;
  for (let image = 0; image < size.images; image++) {
    const objects = objectsOf[image]!;
    const ignored = objects.filter(({ rows }) => rows.every(isIgnored));
    const free = objects.filter((object) => !ignored.includes(object));
    for (const object of free) tally.object(object);
    for (const region of regionsOf[image]!) {
      const overlap = (object: LabelSet) => overlapOf(detections, region.rows[0], groundTruths, object.rows[0]);
      const taken = highest(free, overlap, iouThreshold);
      if (taken < 0 && highest(ignored, overlap, iouThreshold) >= 0) continue;
      tally.region(region);
      violations.add(region.classIds);
      if (taken < 0) continue;
      tally.match(free[taken]!.classIds, region.classIds);
      free.splice(taken, 1);
    }
  }
  return { ...tally.result(), violations: violations.result() };
}

/** @returns number of the item, or −1 */
function highest(objects: readonly LabelSet[], overlap: (object: LabelSet) => number, from: number): number {
  let best = -1;
  let most = -1;
  for (let i = 0; i < objects.length; i++) {
    const value = overlap(objects[i]!);
    if (value >= from && value > most) [best, most] = [i, value];
  }
  return best;
}

/** Rows with equal boxes, joined; in the order of their first rows. */
function setsByImage(table: BoxTable, rows: Uint32Array, images: number): LabelSet[][] {
  const sets = Array.from({ length: images }, (): LabelSet[] => []);
  const ordered = orderBy(rows, table.images);
  let image = -1;
  let byEdge = new Map<number, LabelSet[]>(); // by x1
  for (const row of ordered) {
    if (table.images[row] !== image) {
      image = table.images[row]!;
      byEdge = new Map();
    }
    const edge = table.boxes[row * 4]!;
    const near = byEdge.get(edge) ?? [];
    const known = near.find((set) => hasBoxOf(table, set.rows[0], row));
    if (known !== undefined) {
      known.rows.push(row);
      known.classIds.add(table.classIds[row]!);
      continue;
    }
    const set: LabelSet = { rows: [row], classIds: new Set([table.classIds[row]!]) };
    near.push(set);
    byEdge.set(edge, near);
    sets[image]!.push(set);
  }
  return sets;
}

function hasBoxOf({ boxes }: BoxTable, a: number, b: number): boolean {
  for (let k = 0; k < 4; k++) if (boxes[a * 4 + k] !== boxes[b * 4 + k]) return false;
  return true;
}

const noCounts = (): Counts => ({ truePositives: 0, falsePositives: 0, falseNegatives: 0 });

function orZero({ precision, recall, f1 }: Rates): Record<keyof LabelSetRates, number> {
  return { precision: precision ?? 0, recall: recall ?? 0, f1: f1 ?? 0 };
}

/** Adds up objects, regions and matches. */
class Tally {
  readonly #counts = { objects: 0, multiLabelObjects: 0, regions: 0, multiLabelRegions: 0, matched: 0 };
  readonly #sums = { equal: 0, differing: 0, precision: 0, recall: 0, f1: 0 };
  readonly #classes: Counts[]; // of labels of matched objects

  constructor(classes: number) {
    this.#classes = Array.from({ length: classes }, noCounts);
  }

  object({ classIds }: LabelSet): void {
    this.#counts.objects++;
    if (classIds.size > 1) this.#counts.multiLabelObjects++;
  }

  region({ classIds }: LabelSet): void {
    this.#counts.regions++;
    if (classIds.size > 1) this.#counts.multiLabelRegions++;
  }

  match(expected: ReadonlySet<number>, detected: ReadonlySet<number>): void {
    const own = noCounts();
    for (const classId of detected) {
      const kind = expected.has(classId) ? 'truePositives' : 'falsePositives';
      own[kind]++;
      this.#classes[classId]![kind]++;
    }
    for (const classId of expected) {
      if (detected.has(classId)) continue;
      own.falseNegatives++;
      this.#classes[classId]!.falseNegatives++;
    }
    const differing = own.falsePositives + own.falseNegatives;
    const { precision, recall, f1 } = orZero(ratesOf(own));
    this.#counts.matched++;
    this.#sums.equal += differing === 0 ? 1 : 0;
    this.#sums.differing += differing;
    this.#sums.precision += precision;
    this.#sums.recall += recall;
    this.#sums.f1 += f1;
  }

  result(): Omit<LabelSetEvaluation, 'violations'> {
    const { objects, regions, matched } = this.#counts;
    const { equal, differing, ...sums } = this.#sums;
    const found = { truePositives: matched, falsePositives: regions - matched, falseNegatives: objects - matched };
    const ofMatched = (sum: number) => (matched === 0 ? null : sum / matched);
    const occurring = this.#classes.filter((own) => own.truePositives + own.falsePositives + own.falseNegatives > 0);
    const rates = occurring.map((own) => orZero(ratesOf(own)));
    const mean = (rate: keyof LabelSetRates) =>
      rates.length === 0 ? null : rates.reduce((sum, own) => sum + own[rate], 0) / rates.length;
    const all = sumOf(this.#classes);
    return {
      ...this.#counts,
      ...ratesOf(found),
      exactMatch: ofMatched(equal),
      hammingLoss: ofMatched(differing / Math.max(1, this.#classes.length)),
      micro: { ...all, ...ratesOf(all) },
      macro: { precision: mean('precision'), recall: mean('recall'), f1: mean('f1') },
      samples: {
        precision: ofMatched(sums.precision),
        recall: ofMatched(sums.recall),
        f1: ofMatched(sums.f1),
      },
    };
  }
}
