import { basename } from 'node:path';
import { createDetector, type Detector } from '../../detector.js';
import { besideThresholds, type Provenance, readThresholdsFile } from '../../learn/thresholds/thresholds-file.js';
import { builtinModel } from '../../model/builtin.js';
import { modelFiles } from '../../model/onnx/metadata.js';
import { sha256 } from '../../runs/inputs/file-state.js';
import type { DetectorOptions } from '../../types/options.js';
import { printable } from '../output/printable.js';
import type { DetectionArguments } from './detection.js';
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
  if (thresholds === undefined) return given;
  const { options, made } = await readThresholdsFile(thresholds);
  await tellOtherModel(thresholds, made, given);
  return besideThresholds(options, given);
}

/** What was learnt of one model, or under one label map, seldom fits another. */
async function tellOtherModel(
  file: string,
  made: readonly Provenance[],
  { model, map }: DetectorOptions,
): Promise<void> {
  const path = typeof model === 'string' ? model : builtinModel();
  const own = made.some((part) => part.sha256 !== undefined)
    ? await sha256(...modelFiles(path)).catch(() => null)
    : null;
  const other = made.find((part) => own !== null && part.sha256 !== undefined && part.sha256 !== own);
  const under = made.find((part) => part.map !== (typeof map === 'string' ? map : undefined));
  const tell = (what: string) => process.stderr.write(`sigbox: thresholds ${printable(`${file}: ${what}`)}\n`);
  if (other !== undefined) tell(`they were made for another model, ${other.model}, than ${basename(path)}.`);
  else if (under !== undefined)
    tell(`they were made ${under.map === undefined ? 'without --map' : `with --map ${under.map}`}.`);
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
