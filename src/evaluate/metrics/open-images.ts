import { orderBy, orderByScore, rowNumbers } from '../matching/orders.js';
import { type DetectionTable, type GroundTruthTable, someRows } from '../matching/tables.js';
import type { GroundTruthSet } from '../tables/ground-truth-set.js';
import { meanOf } from './precision.js';
import { averagePrecisionOf } from './voc.js';

/** Average precision of the Open Images challenge. */
export interface OpenImagesNumbers {
  /** Mean over labels with ground truths; null: there is none. */
  mAP: number | null;
  /** Every label, those of the hierarchy included. */
  classes: { label: string; groundTruths: number; AP: number | null }[];
}

export interface OpenImagesOptions {
  iouThreshold: number;
  /** Label → labels directly below it. Default: none */
  hierarchy?: Readonly<Record<string, readonly string[]>>;
}

/**
 * Average precision as the Open Images challenge defines it.
 *
 * - Boxes of ground truth and of detections count for every label above theirs as well. Labels verified as present are present
 *   for those above them, too; labels verified as absent are absent for those below.
 * - Detections of labels that were not verified in their image, and have no box there, are not counted.
 * - Each detection, best score first, is compared with the box of its label that it overlaps most; from `iouThreshold` on it is
 *   a true positive, or a false positive if that box is taken.
 * - Others that lie in a group-of box (crowd) by at least that share of their own area are one true positive of that group, with
 *   the best of their scores; a group without any is missed.
 *
 * Source: OpenImagesDetectionChallengeEvaluator and per_image_evaluation of the TensorFlow Object Detection API (group-of weight
 * 1), on annotations expanded by its oid_hierarchical_labels_expansion.
 */
export function openImagesNumbers(
  { table, images, labels: own }: GroundTruthSet,
  detections: DetectionTable,
  { iouThreshold, hierarchy = {} }: OpenImagesOptions,
): OpenImagesNumbers {
  const tree = new LabelTree(own, hierarchy);
  const groundTruths = expanded(table, tree);
  const verified = verifiedClasses(groundTruths, images, tree);
  const all = withoutCopies(expanded(detections, tree));
  const counted = rowNumbers(all.scores.length).filter((row) => verified[all.images[row]!]!.has(all.classIds[row]!));
  const found = someRows(all, counted);
  const counts = new Uint32Array(tree.labels.length);
  for (const classId of groundTruths.classIds) counts[classId]!++;
  for (let i = 0; i < groundTruths.difficult.length; i++) {
    if (groundTruths.difficult[i] === 1 && groundTruths.crowds[i] === 0) counts[groundTruths.classIds[i]!]!--;
  }
  const marks = tree.labels.map((): Mark[] => []);
  for (const cell of cellsOf(groundTruths, found))
    marks[cell.classId]!.push(...marksOf(cell, groundTruths, found, iouThreshold));
  const classes = tree.labels.map((label, classId) => {
    return { label, groundTruths: counts[classId]!, AP: averageOf(marks[classId]!, counts[classId]!) };
  });
  const mean = meanOf(classes.map(({ AP }) => AP ?? Number.NaN));
  return { mAP: Number.isNaN(mean) ? null : mean, classes };
}

/** A detection, or the group that some lie in. */
interface Mark {
  score: number;
  isTrue: boolean;
}

/** The rows of one label in one image. */
interface Cell {
  classId: number;
  groundTruths: number[];
  /** Best score first. */
  detections: number[];
}

/** Labels with numbers, and what is above and below each. */
class LabelTree {
  readonly labels: readonly string[];
  readonly #numbers: ReadonlyMap<string, number>;
  readonly #above: readonly (readonly number[])[];
  readonly #below: readonly (readonly number[])[];

  constructor(own: readonly string[], hierarchy: Readonly<Record<string, readonly string[]>>) {
    this.labels = [
      ...new Set([...own, ...Object.entries(hierarchy).flatMap(([parent, children]) => [parent, ...children])]),
    ];
    const numbers = new Map(this.labels.map((label, i) => [label, i]));
    this.#numbers = numbers;
    const children = this.labels.map((label) => (hierarchy[label] ?? []).map((child) => numbers.get(child)!));
    const parents = this.labels.map((): number[] => []);
    for (const [parent, own] of children.entries()) for (const child of own) parents[child]!.push(parent);
    this.#above = parents.map((_, classId) => reached(classId, parents));
    this.#below = children.map((_, classId) => reached(classId, children));
  }

  numberOf(label: string): number | undefined {
    return this.#numbers.get(label);
  }

  /** Itself first. */
  withAbove(classId: number): readonly number[] {
    return this.#above[classId]!;
  }

  /** Itself first. */
  withBelow(classId: number): readonly number[] {
    return this.#below[classId]!;
  }
}

function reached(from: number, next: readonly (readonly number[])[]): number[] {
  const found = new Set([from]);
  for (const classId of found) for (const other of next[classId]!) found.add(other); // also those that are added meanwhile
  return [...found];
}

/** Rows once for each label above theirs as well. */
function expanded<Table extends GroundTruthTable | DetectionTable>(table: Table, tree: LabelTree): Table {
  const rows: number[] = [];
  const classIds: number[] = [];
  for (let row = 0; row < table.classIds.length; row++) {
    for (const classId of tree.withAbove(table.classIds[row]!)) {
      rows.push(row);
      classIds.push(classId);
    }
  }
  return { ...someRows(table, Uint32Array.from(rows)), classIds: Uint32Array.from(classIds) };
}

/** Of detections with one box and one label in an image, as a region with several labels below one leads to, the best. */
function withoutCopies(detections: DetectionTable): DetectionTable {
  const { images, classIds, boxes, scores } = detections;
  const seen = new Set<string>();
  const kept = orderByScore(rowNumbers(scores.length), scores).filter((row) => {
    const key = `${images[row]} ${classIds[row]} ${boxes.subarray(4 * row, 4 * row + 4).join(' ')}`;
    const isNew = !seen.has(key);
    seen.add(key);
    return isNew;
  });
  return someRows(detections, kept.sort());
}

/** [images] the classes that were looked for */
function verifiedClasses(
  { images, classIds }: GroundTruthTable,
  given: GroundTruthSet['images'],
  tree: LabelTree,
): ReadonlySet<number>[] {
  const verified = given.map(({ verified: own = { present: [], absent: [] } }) => {
    const numbers = (labels: readonly string[]) => labels.flatMap((label) => tree.numberOf(label) ?? []);
    return new Set([
      ...numbers(own.present).flatMap((classId) => tree.withAbove(classId)),
      ...numbers(own.absent).flatMap((classId) => tree.withBelow(classId)),
    ]);
  });
  for (let i = 0; i < images.length; i++) verified[images[i]!]!.add(classIds[i]!);
  return verified;
}

function cellsOf(groundTruths: GroundTruthTable, detections: DetectionTable): Iterable<Cell> {
  const cells = new Map<string, Cell>();
  const cellOf = (image: number, classId: number) => {
    const key = `${image} ${classId}`;
    const cell = cells.get(key) ?? { classId, groundTruths: [], detections: [] };
    cells.set(key, cell);
    return cell;
  };
  for (let i = 0; i < groundTruths.images.length; i++) {
    cellOf(groundTruths.images[i]!, groundTruths.classIds[i]!).groundTruths.push(i);
  }
  const { images, classIds, scores } = detections;
  for (const row of orderBy(orderByScore(rowNumbers(scores.length), scores), images)) {
    cellOf(images[row]!, classIds[row]!).detections.push(row);
  }
  return cells.values();
}

function marksOf(cell: Cell, groundTruths: GroundTruthTable, detections: DetectionTable, iouThreshold: number): Mark[] {
  const groups = cell.groundTruths.filter((row) => groundTruths.crowds[row] === 1);
  const single = cell.groundTruths.filter((row) => groundTruths.crowds[row] === 0);
  const taken = new Set<number>();
  const best = new Map<number, number>(); // group → its score
  const marks: Mark[] = [];
  for (const row of cell.detections) {
    const score = detections.scores[row]!;
    const nearest = highest(single, (other) => shareOf(detections, row, groundTruths, other, true));
    const isNear = nearest !== null && nearest.share >= iouThreshold;
    if (isNear && groundTruths.difficult[nearest.row] === 1) continue;
    if (isNear && !taken.has(nearest.row)) {
      taken.add(nearest.row);
      marks.push({ score, isTrue: true });
      continue;
    }
    const group = highest(groups, (other) => shareOf(detections, row, groundTruths, other, false));
    if (group === null || group.share < iouThreshold) marks.push({ score, isTrue: false });
    else best.set(group.row, Math.max(best.get(group.row) ?? 0, score));
  }
  for (const score of best.values()) if (score > 0) marks.push({ score, isTrue: true });
  return marks;
}

/** The first of those with the highest share. */
function highest(rows: readonly number[], shareWith: (row: number) => number): { row: number; share: number } | null {
  let found: { row: number; share: number } | null = null;
  for (const row of rows) {
    const share = shareWith(row);
    if (found === null || share > found.share) found = { row, share };
  }
  return found;
}

/** Of two boxes the IoU, or the share of the detection that lies in the other. Source: np_box_ops of the same API. */
function shareOf(
  { boxes: a }: DetectionTable,
  row: number,
  { boxes: b }: GroundTruthTable,
  other: number,
  ofUnion: boolean,
): number {
  const [i, k] = [4 * row, 4 * other];
  const width = Math.max(0, Math.min(a[i + 2]!, b[k + 2]!) - Math.max(a[i]!, b[k]!));
  const height = Math.max(0, Math.min(a[i + 3]!, b[k + 3]!) - Math.max(a[i + 1]!, b[k + 1]!));
  const shared = height * width;
  const own = (a[i + 3]! - a[i + 1]!) * (a[i + 2]! - a[i]!);
  return shared / (ofUnion ? own + (b[k + 3]! - b[k + 1]!) * (b[k + 2]! - b[k]!) - shared : own);
}

/** The area under precision by recall; null: no ground truth. */
function averageOf(marks: readonly Mark[], groundTruths: number): number | null {
  if (groundTruths === 0) return null;
  const ordered = [...marks].sort((a, b) => b.score - a.score);
  let found = 0;
  const recalls: number[] = [];
  const precisions: number[] = [];
  for (const [i, { isTrue }] of ordered.entries()) {
    if (isTrue) found++;
    recalls.push(found / groundTruths);
    precisions.push(found / (i + 1));
  }
  return averagePrecisionOf({ recalls, precisions });
}
