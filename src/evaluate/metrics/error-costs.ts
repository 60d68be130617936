import { orderByScore, rowNumbers } from '../matching/orders.js';
import type { DetectionTable, TruthTable } from '../matching/tables.js';
import { type Diagnosis, ERROR_KINDS, type ErrorKind, type FoundError } from './error-kinds.js';

/** What errors of one kind come to. */
export interface ErrorSummary {
  count: number;
  /** How much higher average precision were without them; in [0, 1] */
  cost: number;
}

export interface ErrorCosts {
  /** Average precision at the IoU threshold as TIDE has it: classes that have detections only count as 0. */
  averagePrecision: number;
  kinds: Record<ErrorKind, ErrorSummary>;
  /** How much higher it were if every wrong detection had score 0, or if no truth were missed. */
  falsePositives: number;
  falseNegatives: number;
}

/**
 * Counts errors by kind, and mends each kind by itself: a class or localisation error finds the truth it was meant for
 * (the best of those meant for one; the others go), other wrong detections go, a missed truth is no longer asked for.
 *
 * Source: dAP of TIDE (see diagnose); fix_errors of tidecv 1.0.1, whose percent are these fractions times 100. There,
 * once errors are mended, wrong detections go before right ones of the same score.
 */
export function errorCosts(diagnosis: Diagnosis, truths: TruthTable, detections: DetectionTable): ErrorCosts {
  const { rows, found, unfound, errors } = diagnosis;
  const { classIds, scores } = detections;
  const classes = diagnosis.truths.length;
  const asIs = new PrecisionMeter(classes);
  for (const i of byScore(rows, scores)) asIs.add(classIds[rows[i]!]!, found[rows[i]!] === 1);
  const averagePrecision = asIs.mean(diagnosis.truths);
  const wrong = errors.filter(({ kind }) => kind !== 'missed');
  const right = rows.filter((row) => found[row] === 1);
  const mended = mender(wrong, right, truths, detections, classes);

  const summaryOf = (kind: ErrorKind): ErrorSummary => {
    const own = errors.filter((error) => error.kind === kind);
    const asked = diagnosis.truths.slice();
    if (kind === 'missed') for (const { classId } of own) asked[classId]!--;
    return { count: own.length, cost: Math.max(0, mended(kind).mean(asked) - averagePrecision) };
  };
  const harmless = new PrecisionMeter(classes);
  for (const row of right) harmless.add(classIds[row]!, true);
  for (const { row, weighs } of wrong) if (weighs) harmless.add(classIds[row]!, false);
  const reached = diagnosis.truths.map((count, classId) => count - unfound[classId]!);
  return {
    averagePrecision,
    kinds: Object.fromEntries(ERROR_KINDS.map((kind) => [kind, summaryOf(kind)])) as ErrorCosts['kinds'],
    falsePositives: harmless.mean(diagnosis.truths) - averagePrecision,
    falseNegatives: mended(null).mean(reached) - averagePrecision,
  };
}

/** Measures detections with the errors of one kind mended; null: with none. */
function mender(
  wrong: readonly FoundError[],
  right: readonly number[],
  truths: TruthTable,
  { classIds, scores }: DetectionTable,
  classes: number,
): (kind: ErrorKind | null) => PrecisionMeter {
  const ordered = byScore([...wrong.map(({ row }) => row), ...right], scores);
  const bestOf = bestMeant(wrong, scores);
  return (kind) => {
    const meter = new PrecisionMeter(classes);
    for (let k = 0; k < ordered.length; k++) {
      const error = wrong[ordered[k]!];
      if (error === undefined) meter.add(classIds[right[ordered[k]! - wrong.length]!]!, true);
      else if (error.kind !== kind && error.weighs) meter.add(error.classId, false);
      else if (error.kind === kind && bestOf.get(error.meant) === error.row) {
        meter.add(truths.classIds[error.meant]!, true);
      }
    }
    return meter;
  };
}

/** Places in a list of rows, highest score first; equal ones in the order given. */
function byScore(rows: readonly number[], scores: Float64Array): Uint32Array {
  const own = new Float64Array(rows.length);
  for (let i = 0; i < rows.length; i++) own[i] = scores[rows[i]!]!;
  return orderByScore(rowNumbers(rows.length), own);
}

/** Truth → the detection with the highest score of those that were meant for it; equal scores: the first. */
function bestMeant(errors: readonly FoundError[], scores: Float64Array): Map<number, number> {
  const best = new Map<number, number>();
  for (const { row, meant } of errors) {
    if (meant < 0) continue;
    const known = best.get(meant);
    if (known === undefined || scores[row]! > scores[known]!) best.set(meant, row);
  }
  return best;
}

/** Average precision per class of detections that come best score first. */
class PrecisionMeter {
  /** [classes] detections so far */
  readonly #counts: Uint32Array;
  /** [classes] precision at each one that finds a truth */
  readonly #precisions: number[][];

  constructor(classes: number) {
    this.#counts = new Uint32Array(classes);
    this.#precisions = Array.from({ length: classes }, () => []);
  }

  add(classId: number, found: boolean): void {
    const count = ++this.#counts[classId]!;
    const precisions = this.#precisions[classId]!;
    if (found) precisions.push((precisions.length + 1) / count);
  }

  /** Over the classes that have detections or truths. @param truths  [classes] */
  mean(truths: Uint32Array): number {
    const present = [...truths.keys()].filter((c) => truths[c]! > 0 || this.#counts[c]! > 0);
    if (present.length === 0) return 0;
    return present.reduce((sum, c) => sum + averageOf(this.#precisions[c]!, truths[c]!), 0) / present.length;
  }
}

/** The mean, over recalls 0, 0.01 … 1, of the highest precision from each on. @param precisions  overwritten */
function averageOf(precisions: number[], truths: number): number {
  if (truths === 0) return 0;
  for (let i = precisions.length - 1; i > 0; i--) precisions[i - 1] = Math.max(precisions[i - 1]!, precisions[i]!);
  let [sum, hit] = [0, 0];
  for (let r = 0; r <= 100; r++) {
    while (hit < precisions.length && (hit + 1) / truths < r / 100) hit++;
    sum += precisions[hit] ?? 0;
  }
  return sum / 101;
}
