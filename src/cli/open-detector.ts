import { createDetector, type Detector } from '../detector.js';
import type { DetectorOptions } from '../types.js';
import type { DetectionArguments } from './arguments/detection.js';
import { printable } from './printable.js';
import { readSpecFile } from './read-spec-file.js';

/** @param more  what the command settles itself */
export async function openDetector(
  { detector, spec }: DetectionArguments,
  more: DetectorOptions = {},
): Promise<Detector> {
  const given = spec === undefined ? {} : { spec: await readSpecFile(spec) };
  return createDetector({ ...more, ...detector, ...given });
}

/** Prints a detector's warnings: those it has at once, and those that its images add when the block ends. */
export function tellWarnings({ warnings }: Detector): Disposable {
  let told = 0;
  const tell = () => {
    for (; told < warnings.length; told++) process.stderr.write(`sigbox: ${printable(warnings[told]!)}\n`);
  };
  tell();
  return { [Symbol.dispose]: tell };
}
