import { orderByScore, rowNumbers } from '../matching/orders.js';
import type { DetectionTable, GroundTruthTable } from '../matching/tables.js';
import { type DetectionError, type Diagnosis, ERROR_KINDS, type ErrorKind } from './error-kinds.js';

/** All errors of one kind. */
export interface ErrorSummary {
  count: number;
  /** How much higher average precision would be without them, in [0, 1] */
  cost: number;
}

export interface ErrorCosts {
  /** Average precision at the IoU threshold as TIDE defines it: a class with detections but no ground truths counts as 0. */
  averagePrecision: number;
  kinds: Record<ErrorKind, ErrorSummary>;
  /** How much higher it would be if all false positives had score 0, and if there were no false negatives. */
  falsePositives: number;
  falseNegatives: number;
}

/**
 * Counts errors by kind, and measures average precision with each kind corrected by itself. A corrected class or
 * localisation error matches its target (the highest-scoring one if several have the same target; the others are dropped),
 * other false positives are dropped, and a missed ground truth is removed.
 *
 * Source: dAP of TIDE (see diagnose); fix_errors of tidecv 1.0.1, whose percentages are these fractions times 100. As there,
 * false positives come before true positives of the same score once errors are corrected.
 */
export function errorCosts(
  diagnosis: Diagnosis,
  groundTruths: GroundTruthTable,
  detections: DetectionTable,
): ErrorCosts {
  const { rows, truePositives, falseNegatives, errors } = diagnosis;
  const { classIds, scores } = detections;
  const classes = diagnosis.groundTruths.length;
  const asIs = new PrecisionMeter(classes);
  for (const i of byScore(rows, scores)) asIs.add(classIds[rows[i]!]!, truePositives[rows[i]!] === 1);
  const averagePrecision = asIs.mean(diagnosis.groundTruths);
  const falsePositives = errors.filter(({ kind }) => kind !== 'missed');
  const correct = rows.filter((row) => truePositives[row] === 1);
  const corrected = correctedBy(falsePositives, correct, groundTruths, detections, classes);

  const summaryOf = (kind: ErrorKind): ErrorSummary => {
    const own = errors.filter((error) => error.kind === kind);
    const remaining = diagnosis.groundTruths.slice();
    if (kind === 'missed') for (const { classId } of own) remaining[classId]!--;
    return { count: own.length, cost: Math.max(0, corrected(kind).mean(remaining) - averagePrecision) };
  };
  const harmless = new PrecisionMeter(classes);
  for (const row of correct) harmless.add(classIds[row]!, true);
  for (const { row, counted } of falsePositives) if (counted) harmless.add(classIds[row]!, false);
  const reached = diagnosis.groundTruths.map((count, classId) => count - falseNegatives[classId]!);
  return {
    averagePrecision,
    kinds: Object.fromEntries(ERROR_KINDS.map((kind) => [kind, summaryOf(kind)])) as ErrorCosts['kinds'],
    falsePositives: harmless.mean(diagnosis.groundTruths) - averagePrecision,
    falseNegatives: corrected(null).mean(reached) - averagePrecision,
  };
}

/** Measures detections with the errors of one kind corrected; null: with none corrected. */
function correctedBy(
  falsePositives: readonly DetectionError[],
  correct: readonly number[],
  groundTruths: GroundTruthTable,
  { classIds, scores }: DetectionTable,
  classes: number,
): (kind: ErrorKind | null) => PrecisionMeter {
  const ordered = byScore([...falsePositives.map(({ row }) => row), ...correct], scores);
  const bestOf = bestForTarget(falsePositives, scores);
  return (kind) => {
    const meter = new PrecisionMeter(classes);
    for (let k = 0; k < ordered.length; k++) {
      const error = falsePositives[ordered[k]!];
      if (error === undefined) meter.add(classIds[correct[ordered[k]! - falsePositives.length]!]!, true);
      else if (error.kind !== kind && error.counted) meter.add(error.classId, false);
      else if (error.kind === kind && bestOf.get(error.target) === error.row) {
        meter.add(groundTruths.classIds[error.target]!, true);
      }
    }
    return meter;
  };
}

/** Positions in a list of rows, highest score first; equal scores keep their order. */
function byScore(rows: readonly number[], scores: Float64Array): Uint32Array {
  const own = new Float64Array(rows.length);
  for (let i = 0; i < rows.length; i++) own[i] = scores[rows[i]!]!;
  return orderByScore(rowNumbers(rows.length), own);
}

/** Ground truth → the highest-scoring error that targets it; equal scores: the first. */
function bestForTarget(errors: readonly DetectionError[], scores: Float64Array): Map<number, number> {
  const best = new Map<number, number>();
  for (const { row, target } of errors) {
    if (target < 0) continue;
    const known = best.get(target);
    if (known === undefined || scores[row]! > scores[known]!) best.set(target, row);
  }
  return best;
}

/** Average precision per class, of detections added with the highest score first. */
class PrecisionMeter {
  /** [classes] detections so far */
  readonly #counts: Uint32Array;
  /** [classes] precision at each true positive */
  readonly #precisions: number[][];

  constructor(classes: number) {
    this.#counts = new Uint32Array(classes);
    this.#precisions = Array.from({ length: classes }, () => []);
  }

  add(classId: number, truePositive: boolean): void {
    const count = ++this.#counts[classId]!;
    const precisions = this.#precisions[classId]!;
    if (truePositive) precisions.push((precisions.length + 1) / count);
  }

  /** Over the classes that have detections or ground truths. @param groundTruths  [classes] */
  mean(groundTruths: Uint32Array): number {
    const present = [...groundTruths.keys()].filter((c) => groundTruths[c]! > 0 || this.#counts[c]! > 0);
    if (present.length === 0) return 0;
    return present.reduce((sum, c) => sum + averageOf(this.#precisions[c]!, groundTruths[c]!), 0) / present.length;
  }
}

/** The mean, over recalls 0, 0.01 … 1, of the highest precision from each on. @param precisions  overwritten */
function averageOf(precisions: number[], groundTruths: number): number {
  if (groundTruths === 0) return 0;
  for (let i = precisions.length - 1; i > 0; i--) precisions[i - 1] = Math.max(precisions[i - 1]!, precisions[i]!);
  let [sum, hit] = [0, 0];
  for (let r = 0; r <= 100; r++) {
    while (hit < precisions.length && (hit + 1) / groundTruths < r / 100) hit++;
    sum += precisions[hit] ?? 0;
  }
  return sum / 101;
}
