import type { Calibration, ScoreCalibration } from '../../types/options.js';

/** The curve of a label; null: its scores are not calibrated. */
export function labelCurve({ shared, labels = {} }: ScoreCalibration, label: string): Calibration | null {
  return (Object.hasOwn(labels, label) ? labels[label] : shared) ?? null;
}
