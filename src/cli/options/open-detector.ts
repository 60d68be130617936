import { basename } from 'node:path';
import { createDetector, type Detector } from '../../detector.js';
import { besideThresholds, type Provenance, readThresholdsFile } from '../../learn/thresholds/thresholds-file.js';
import { builtinModel } from '../../model/builtin.js';
import { modelFiles } from '../../model/onnx/metadata.js';
import type { DetectorOptions } from '../../options/detector-options.js';
import { sha256 } from '../../runs/inputs/file-state.js';
import { printable } from '../../text/printable.js';
import { type DetectionOptions, splitDetection } from './detection.js';
import { fetchNamed } from './fetch-named.js';

/** @param more  what the command settles itself */
export async function openDetector(options: DetectionOptions, more: DetectorOptions = {}): Promise<Detector> {
  const read = await readDetectorOptions(options);
  await fetchNamed(read.model, read);
  return createDetector({ ...more, ...read });
}

/** A detector's options, with those of a thresholds file that is named. */
export async function readDetectorOptions(options: DetectionOptions): Promise<DetectorOptions> {
  const { thresholds, detector } = splitDetection(options);
  if (thresholds === undefined) return detector;
  const file = await readThresholdsFile(thresholds);
  await warnOfOtherModel(thresholds, file.made, detector);
  return besideThresholds(file.options, detector);
}

/** What was learnt for one model, or under one label map, seldom fits another. */
async function warnOfOtherModel(
  file: string,
  made: readonly Provenance[],
  { model, map }: DetectorOptions,
): Promise<void> {
  const local = await fetchNamed(model);
  const path = typeof local === 'string' ? local : builtinModel();
  const own = made.some((part) => part.sha256 !== undefined)
    ? await sha256(...modelFiles(path)).catch(() => null)
    : null;
  const other = made.find((part) => own !== null && part.sha256 !== undefined && part.sha256 !== own);
  const under = made.find((part) => part.map !== (typeof map === 'string' ? map : undefined));
  const warn = (what: string) => process.stderr.write(`sigbox: thresholds ${printable(`${file}: ${what}`)}\n`);
  if (other !== undefined) warn(`they were made for another model, ${other.model}, than ${basename(path)}.`);
  else if (under !== undefined)
    warn(`they were made ${under.map === undefined ? 'without --map' : `with --map ${under.map}`}.`);
}

/** Prints a detector's warnings: those it has at once, and those that its images add when the block ends. */
export function printWarnings({ warnings }: Detector): Disposable {
  let printed = 0;
  const print = () => {
    for (; printed < warnings.length; printed++) process.stderr.write(`sigbox: ${printable(warnings[printed]!)}\n`);
  };
  print();
  return { [Symbol.dispose]: print };
}
