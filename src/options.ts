import { DEFAULT_BACKGROUND } from './image/decode.js';
import { makePlan, type PlannedModel } from './postprocess/make-plan.js';
import {
  checkOptions,
  oneOf,
  type Rules,
  rule,
  trueOrFalse,
  wholeFromZero,
} from './postprocess/options/check-options.js';
import { POSTPROCESS_RULES, type SettledPostprocess, settlePostprocess } from './postprocess/plan.js';
import type { DetectAllOptions, DetectCallOptions, DetectOptions, DetectorOptions } from './types/options.js';
import type { DetectPlan } from './types/plan.js';

const DETECT_RULES: Rules<DetectOptions> = {
  ...POSTPROCESS_RULES,
  background: rule('a colour like #ffffff', (value) => typeof value === 'string' && /^#[0-9a-f]{6}$/i.test(value)),
  lenient: trueOrFalse,
};

const CALL_RULES: Rules<DetectCallOptions> = {
  ...DETECT_RULES,
  signal: rule('an AbortSignal', (value) => value instanceof AbortSignal),
};

const ALL_RULES: Rules<DetectAllOptions> = { ...CALL_RULES, errors: oneOf('throw', 'yield') };

const DETECTOR_RULES: Rules<DetectorOptions> = {
  ...DETECT_RULES,
  model: rule('the path or file URL of an ONNX model', isFile),
  spec: rule('a spec', () => true), // checked by readSpec, which knows its parts
  size: rule('[width, height] in pixels', isSize),
  labelsFile: rule('the path or file URL of a file with names', isFile),
  map: rule('a map, or the path or file URL of a file with one', isMap),
  provider: oneOf('cpu', 'cuda', 'webgpu', 'coreml', 'dml'),
  workers: wholeFromZero,
  threads: wholeFromZero,
};

/** @throws SigboxError E_ARGUMENT  an unknown option, or one out of its range */
export function checkDetectorOptions(options: unknown): DetectorOptions {
  return checkOptions(DETECTOR_RULES, options, 'createDetector');
}

/** @throws SigboxError E_ARGUMENT  an unknown option, or one out of its range */
export function checkDetectCall(options: unknown): DetectCallOptions {
  return checkOptions(CALL_RULES, options, 'detect');
}

/** @throws SigboxError E_ARGUMENT  an unknown option, or one out of its range */
export function checkDetectAllOptions(options: unknown): DetectAllOptions {
  return checkOptions(ALL_RULES, options, 'detectAll');
}

/**
 * Settles what detection needs.
 *
 * @throws SigboxError E_ARGUMENT  an unknown option, one out of its range, or a label that the model does not have
 */
export function planOf(model: PlannedModel, options: unknown): DetectPlan {
  const { background, lenient, ...given } = settleOptions(options);
  return { ...makePlan(model, given), background, lenient, recording: null };
}

/** With every default in place; labels to include, and limits, stay undefined where there are none. */
export type SettledOptions = SettledPostprocess & Required<Pick<DetectOptions, 'background' | 'lenient'>>;

/** @throws SigboxError E_ARGUMENT  an unknown option, or one out of its range */
export function settleOptions(options: unknown): SettledOptions {
  const { background = DEFAULT_BACKGROUND, lenient = false, ...given } = checkOptions(DETECT_RULES, options, 'detect');
  return { ...settlePostprocess(given), background, lenient };
}

/** The part of a detector's options that `detect` takes as well. */
export function detectPart(options: DetectorOptions): DetectOptions {
  const {
    model: _m,
    spec: _s,
    size: _z,
    labelsFile: _l,
    map: _a,
    provider: _p,
    workers: _w,
    threads: _t,
    ...rest
  } = options;
  return rest;
}

function isFile(value: unknown): boolean {
  return typeof value === 'string' || value instanceof URL;
}

/** What is in it is checked where it is read. */
function isMap(value: unknown): boolean {
  return isFile(value) || (typeof value === 'object' && value !== null);
}

function isSize(value: unknown): boolean {
  const whole = (side: unknown) => wholeFromZero.fault(side) === null && side !== 0;
  return Array.isArray(value) && value.length === 2 && value.every(whole);
}
