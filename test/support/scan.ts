import { scan as scanThem } from '../../src/kernels/scan/scan.js';
import { scanProducts as scanThose } from '../../src/kernels/scan/scan-products.js';
import { type ScanThresholdOptions, scanThresholds } from '../../src/kernels/scan/scan-thresholds.js';
import type { Hits, ScoreMatrix } from '../../src/kernels/scan/score-matrix.js';
import type { Budget } from '../../src/types/plan.js';

/** What a scan is asked for, before it is compiled into a plan. */
export interface ScanOptions extends ScanThresholdOptions {
  thresholds: Float64Array;
  budget?: Budget;
}

export function scan(matrix: ScoreMatrix, { budget, ...options }: ScanOptions): Hits {
  return scanThem(matrix, scanThresholds(options), budget);
}

export function scanProducts(matrix: ScoreMatrix, { budget, ...options }: ScanOptions): Hits {
  return scanThose(matrix, scanThresholds(options), budget);
}
