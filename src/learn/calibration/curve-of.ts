import type { Calibration, ScoreCalibration } from '../../types/options.js';

/** The curve of a label; null: its scores stay as they are. */
export function curveOf({ shared, labels = {} }: ScoreCalibration, label: string): Calibration | null {
  return (Object.hasOwn(labels, label) ? labels[label] : shared) ?? null;
}
