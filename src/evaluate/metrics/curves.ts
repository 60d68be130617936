import type { Curves } from '../evaluation.js';
import type { Precision } from './precision.js';

/** Precision by recall, the mean over classes that have ground truths: at IoU 0.5, 0.75, and over all of COCO's thresholds. */
export function meanCurves({ curves }: Precision, classes: number): Curves['precision'] {
  const points = classes === 0 ? 0 : 101;
  const thresholds = classes === 0 ? 0 : curves.length / classes / points;
  const mean = (first: number, last: number): number[] => {
    const sums = new Float64Array(points);
    let count = 0;
    for (let row = first * classes; row < (last + 1) * classes; row++) {
      if (Number.isNaN(curves[row * points]!)) continue;
      count++;
      for (let r = 0; r < points; r++) sums[r]! += curves[row * points + r]!;
    }
    return count === 0 ? [] : Array.from(sums, (sum) => sum / count);
  };
  const recall = Array.from({ length: points }, (_, r) => r / 100);
  return { recall, iou50: mean(0, 0), iou75: mean(5, 5), iou50to95: mean(0, thresholds - 1) };
}
