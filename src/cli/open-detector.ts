import { createDetector, type Detector } from '../detector.js';
import { besideThresholds, readThresholds } from '../thresholds/thresholds-file.js';
import type { DetectorOptions } from '../types/options.js';
import type { DetectionArguments } from './arguments/detection.js';
import { printable } from './printable.js';
import { readSpecFile } from './read-spec-file.js';

/** @param more  what the command settles itself */
export async function openDetector(args: DetectionArguments, more: DetectorOptions = {}): Promise<Detector> {
  return createDetector({ ...more, ...(await readDetectorOptions(args)) });
}

/** A detector's options, with what stands in files that are named. */
export async function readDetectorOptions({
  detector,
  spec,
  thresholds,
}: DetectionArguments): Promise<DetectorOptions> {
  const given = spec === undefined ? detector : { ...detector, spec: await readSpecFile(spec) };
  return thresholds === undefined ? given : besideThresholds(await readThresholds(thresholds), given);
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
