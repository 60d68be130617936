import type { Budget, ScanThresholds } from '../../types/plan.js';
import { scanBest } from './scan-best.js';
import { byColumn } from './scan-by-column.js';
import { byRow } from './scan-by-row.js';
import { EVERYTHING, type Hits, noHits, type ScoreMatrix } from './score-matrix.js';

/**
 * Finds the values of a score matrix that reach their class's threshold. NaN is never a hit.
 *
 * @param matrix      not changed; lengths are the caller's business
 * @param thresholds  in the same space as the values: scores or logits
 * @param budget      how many of the best hits are likely to be enough. Default: all are wanted
 * @returns hits by row, then by column. Products with objectness are float32.
 *
 * Runs in WebAssembly with SIMD. A matrix in kernel memory is read where it is; another is copied a piece at a time, into
 * memory that is near. The obvious twin: test/reference/scan.ts.
 */
export function scan(matrix: ScoreMatrix, thresholds: ScanThresholds, budget: Budget = EVERYTHING): Hits {
  const { columns, lowest, single } = thresholds;
  if (columns.length === 0 || Number.isNaN(lowest)) return noHits();
  // The column kernel keeps values above a start, and none is above what lies below −∞.
  const isByColumn = matrix.rowStep === 1 && !(single && lowest === Number.NEGATIVE_INFINITY);
  return scanBest(isByColumn ? byColumn : byRow, matrix, thresholds, budget);
}
