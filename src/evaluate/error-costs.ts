import { type Diagnosis, ERROR_KINDS, type ErrorKind, type FoundError } from './error-kinds.js';
import type { DetectionTable, TruthTable } from './tables.js';

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

/** A detection on the curve of a class. */
interface Point {
  classId: number;
  score: number;
  found: boolean;
}

/**
 * Counts errors by kind, and mends each kind by itself: a class or localisation error finds the truth it was meant for
 * (the best of those meant for one; the others go), other wrong detections go, a missed truth is no longer asked for.
 *
 * Source: dAP of TIDE (see diagnose); fix_errors of tidecv 1.0.1, whose percent are these fractions times 100.
 */
export function errorCosts(diagnosis: Diagnosis, truths: TruthTable, detections: DetectionTable): ErrorCosts {
  const { errors, rows, found, unfound } = diagnosis;
  const pointOf = (row: number): Point => {
    return { classId: detections.classIds[row]!, score: detections.scores[row]!, found: found[row] === 1 };
  };
  const bestOf = bestMeant(errors, detections.scores);
  const right = rows.filter((row) => found[row] === 1).map(pointOf);
  const asIs = (error: FoundError) => (error.kind === 'missed' || !error.weighs ? [] : [pointOf(error.row)]);
  const mended = ({ kind, row, meant }: FoundError): Point[] => {
    if (kind === 'missed' || meant < 0 || bestOf.get(meant) !== row) return [];
    return [{ classId: truths.classIds[meant]!, score: detections.scores[row]!, found: true }];
  };
  const averagePrecision = meanPrecision(rows.map(pointOf), diagnosis.truths);
  const without = (kind: ErrorKind): ErrorSummary => {
    const asked = diagnosis.truths.slice();
    for (const error of errors) if (kind === 'missed' && error.kind === 'missed') asked[error.classId]!--;
    const points = errors.flatMap((error) => (error.kind === kind ? mended(error) : asIs(error)));
    const cost = Math.max(0, meanPrecision([...points, ...right], asked) - averagePrecision);
    return { count: errors.filter((error) => error.kind === kind).length, cost };
  };
  const wrong = errors.flatMap(asIs);
  const harmless = [...wrong, ...right].map((point) => ({ ...point, score: point.found ? 1 : 0 }));
  const reached = diagnosis.truths.map((count, classId) => count - unfound[classId]!);
  return {
    averagePrecision,
    kinds: Object.fromEntries(ERROR_KINDS.map((kind) => [kind, without(kind)])) as ErrorCosts['kinds'],
    falsePositives: meanPrecision(harmless, diagnosis.truths) - averagePrecision,
    falseNegatives: meanPrecision([...wrong, ...right], reached) - averagePrecision,
  };
}

/** Truth → the detection with the highest score of those that were meant for it; equal scores: the first. */
function bestMeant(errors: readonly FoundError[], scores: Float64Array): Map<number, number> {
  const best = new Map<number, number>();
  for (const { kind, row, meant } of errors) {
    if (kind === 'missed' || meant < 0) continue;
    const known = best.get(meant);
    if (known === undefined || scores[row]! > scores[known]!) best.set(meant, row);
  }
  return best;
}

/** Over the classes that have points or truths. */
function meanPrecision(points: readonly Point[], truths: Uint32Array): number {
  const curves = Array.from(truths, (): Point[] => []);
  for (const point of points) curves[point.classId]!.push(point);
  const present = curves.map((_, classId) => classId).filter((c) => truths[c]! > 0 || curves[c]!.length > 0);
  if (present.length === 0) return 0;
  return present.reduce((sum, c) => sum + precisionOf(curves[c]!, truths[c]!), 0) / present.length;
}

/** The mean, over recalls 0, 0.01 … 1, of the highest precision from each on. */
function precisionOf(points: Point[], truths: number): number {
  if (truths === 0) return 0;
  points.sort((a, b) => b.score - a.score);
  const precisions: number[] = [];
  for (const [i, { found }] of points.entries()) if (found) precisions.push((precisions.length + 1) / (i + 1));
  for (let i = precisions.length - 1; i > 0; i--) precisions[i - 1] = Math.max(precisions[i - 1]!, precisions[i]!);
  let [sum, hit] = [0, 0];
  for (let r = 0; r <= 100; r++) {
    while (hit < precisions.length && (hit + 1) / truths < r / 100) hit++;
    sum += precisions[hit] ?? 0;
  }
  return sum / 101;
}
