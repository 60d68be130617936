import { createDetector, type Detector } from '../detector.js';
import type { DetectorOptions } from '../types.js';
import type { DetectionArguments } from './command-line.js';
import { readSpecFile } from './read-spec-file.js';

/** @param more  what the command settles itself */
export async function openDetector(
  { detector, spec }: DetectionArguments,
  more: DetectorOptions = {},
): Promise<Detector> {
  const given = spec === undefined ? {} : { spec: await readSpecFile(spec) };
  return createDetector({ ...more, ...detector, ...given });
}
