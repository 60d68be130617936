import { basename } from 'node:path';
import { weightedModel } from '../../detector/open-models.js';
import { createDetector, type Detector } from '../../detector.js';
import { complain } from '../../errors.js';
import {
  besideThresholds,
  type Provenance,
  readThresholdsFile,
  type TaughtOptions,
} from '../../learn/thresholds/thresholds-file.js';
import { builtinModel } from '../../model/builtin.js';
import { modelFiles } from '../../model/onnx/metadata.js';
import type { DetectorOptions } from '../../options/detector-options.js';
import { sha256 } from '../../runs/inputs/file-state.js';
import { printable } from '../../text/printable.js';
import { DEFAULT_SCORE } from '../../types/options.js';
import { type DetectionOptions, splitDetection } from './detection.js';
import { fetchNamed } from './fetch-named.js';

/** @param more  what the command settles itself */
export async function openDetector(options: DetectionOptions, more: DetectorOptions = {}): Promise<Detector> {
  const read = await readDetectorOptions(options);
  for (const model of read.models?.map(modelOf) ?? [read.model]) await fetchNamed(model, read);
  return createDetector({ ...more, ...read });
}

function modelOf(given: NonNullable<DetectorOptions['models']>[number]): string | URL {
  return weightedModel(given).model;
}

/** A detector's options, with those of a thresholds file that is named; of several models, each with its own. */
export async function readDetectorOptions(options: DetectionOptions): Promise<DetectorOptions> {
  const { thresholds, detector } = splitDetection(options);
  if (thresholds === undefined) return detector;
  if (detector.models !== undefined) return withOwnThresholds(detector, detector.models, thresholds);
  const file = await readThresholdsFile(thresholds);
  await warnOfOtherModel(thresholds, file.made, detector);
  return besideThresholds(file.options, detector);
}

/**
 * Files of several models: the curves and thresholds of each are for its own scores. What they find together counts from the
 * lowest threshold that one of them has for a label, unless a score is given.
 */
async function withOwnThresholds(
  detector: DetectorOptions,
  models: NonNullable<DetectorOptions['models']>,
  given: string,
): Promise<DetectorOptions> {
  const files = given.split(',');
  if (files.length !== models.length) {
    const expected = `a thresholds file for each of ${models.length} models, separated by commas`;
    throw complain('E_ARGUMENT', {
      where: '--thresholds',
      expected,
      received: given,
      mend: 'Leave a place empty for none.',
    });
  }
  const own: TaughtOptions[] = [];
  for (const [i, file] of files.entries()) {
    const { options, made } = file === '' ? { options: {}, made: [] } : await readThresholdsFile(file);
    await warnOfOtherModel(file, made, { ...detector, model: modelOf(models[i]!) });
    const { scoreThreshold: _1, labelThresholds: _2, ...curves } = options;
    own.push(detector.scoreThreshold === undefined ? options : curves);
  }
  const joined = detector.scoreThreshold === undefined ? lowestOf(own) : {};
  const entries = models.map((model, i) => {
    const { scoreThreshold, labelThresholds, calibration } = own[i]!;
    const kept = { scoreThreshold, labelThresholds, calibration };
    const thresholds = Object.fromEntries(Object.entries(kept).filter(([, value]) => value !== undefined));
    return { ...weightedModel(model), thresholds };
  });
  return { ...joined, ...detector, models: entries };
}

/** For each label the lowest threshold of any model. */
function lowestOf(own: readonly TaughtOptions[]): Pick<DetectorOptions, 'scoreThreshold' | 'labelThresholds'> {
  const usual = own.map(({ scoreThreshold = DEFAULT_SCORE }) => scoreThreshold);
  const named = own.flatMap(({ labelThresholds = {} }) => Object.keys(labelThresholds));
  const lowest = (label: string) =>
    Math.min(...own.map(({ labelThresholds = {} }, i) => labelThresholds[label] ?? usual[i]!));
  return {
    scoreThreshold: Math.min(...usual),
    labelThresholds: Object.fromEntries([...new Set(named)].map((label) => [label, lowest(label)])),
  };
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
