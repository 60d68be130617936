import * as v from 'valibot';
import { complain } from './errors.js';
import { DEFAULT_BACKGROUND } from './image/decode.js';
import { thresholdsOf } from './labels/class-selection.js';
import type { DetectOptions, DetectorOptions, DetectPlan, LabelList } from './types.js';

const fraction = v.pipe(v.number(), v.minValue(0), v.maxValue(1));
const wholeFrom = (lowest: number) => v.pipe(v.number(), v.integer(), v.minValue(lowest));

const detectEntries = {
  scoreThreshold: v.optional(fraction),
  labelThresholds: v.optional(v.record(v.string(), fraction)),
  iouThreshold: v.optional(fraction),
  labels: v.optional(v.picklist(['multi', 'single'])),
  include: v.optional(v.array(v.string())),
  exclude: v.optional(v.array(v.string())),
  maxDetections: v.optional(wholeFrom(1)),
  regionIou: v.optional(v.pipe(v.number(), v.gtValue(0), v.maxValue(1))),
  background: v.optional(v.pipe(v.string(), v.regex(/^#[0-9a-f]{6}$/i))),
  lenient: v.optional(v.boolean()),
};
const detectSchema = v.strictObject(detectEntries);
const detectorSchema = v.strictObject({
  ...detectEntries,
  model: v.optional(v.union([v.string(), v.instance(URL)])),
  spec: v.optional(v.unknown()), // checked by readSpec, which knows its parts
  size: v.optional(v.tuple([wholeFrom(1), wholeFrom(1)])),
  labelsFile: v.optional(v.union([v.string(), v.instance(URL)])),
  provider: v.optional(v.picklist(['cpu', 'cuda', 'webgpu', 'coreml', 'dml'])),
  workers: v.optional(wholeFrom(0)),
  threads: v.optional(wholeFrom(0)),
});

/** What each option must be, in words; keyed by the option's name. */
const expectations: Record<string, string> = {
  scoreThreshold: 'a number from 0 to 1',
  labelThresholds: 'numbers from 0 to 1, by label',
  iouThreshold: 'a number from 0 to 1',
  labels: "'multi' or 'single'",
  include: 'an array of labels',
  exclude: 'an array of labels',
  maxDetections: 'a positive integer',
  regionIou: 'a number above 0, up to 1',
  background: 'a colour like #ffffff',
  lenient: 'true or false',
  model: 'the path or file URL of an ONNX model',
  size: '[width, height] in pixels',
  labelsFile: 'the path or file URL of a file with names',
  provider: "'cpu', 'cuda', 'webgpu', 'coreml' or 'dml'",
  workers: 'a whole number from 0',
  threads: 'a whole number from 0',
};

/** @throws SigboxError E_ARGUMENT  an unknown option, or one out of its range */
export function checkDetectorOptions(options: unknown): DetectorOptions {
  return check(detectorSchema, options, 'createDetector') as DetectorOptions;
}

/**
 * Settles what detection needs.
 *
 * @param labels  the model's label per class column
 * @throws SigboxError E_ARGUMENT  an unknown option, one out of its range, or a label that the model does not have
 */
export function planOf(labels: LabelList, options: unknown): DetectPlan {
  const { scoreThreshold, labelThresholds, include, exclude, ...settled } = settleOptions(options);
  return {
    scoreThresholds: thresholdsOf(labels, { scoreThreshold, labelThresholds, include, exclude }),
    single: settled.labels === 'single',
    iouThreshold: settled.iouThreshold,
    maxDetections: settled.maxDetections,
    regionIou: settled.regionIou,
    background: settled.background,
    lenient: settled.lenient,
  };
}

/** With every default in place. Labels to include stay undefined where all are wanted. */
export type SettledOptions = Required<Omit<DetectOptions, 'include'>> & Pick<DetectOptions, 'include'>;

const DEFAULTS = {
  scoreThreshold: 0.35,
  labelThresholds: {},
  iouThreshold: 0.5,
  labels: 'multi' as const,
  exclude: [],
  maxDetections: 300,
  regionIou: 0.9,
  background: DEFAULT_BACKGROUND,
  lenient: false,
} satisfies DetectOptions;

/** @throws SigboxError E_ARGUMENT  an unknown option, or one out of its range */
export function settleOptions(options: unknown): SettledOptions {
  const given = check(detectSchema, options, 'detect') as DetectOptions;
  const told = Object.entries(given).filter(([, value]) => value !== undefined);
  return { ...structuredClone(DEFAULTS), ...Object.fromEntries(told) } as SettledOptions;
}

/** The part of a detector's options that `detect` takes as well. */
export function detectPart(options: DetectorOptions): DetectOptions {
  const { model: _m, spec: _s, size: _z, labelsFile: _l, provider: _p, workers: _w, threads: _t, ...rest } = options;
  return rest;
}

function check(schema: v.GenericSchema, options: unknown, where: string): unknown {
  const result = v.safeParse(schema, options ?? {});
  if (result.success) return result.output;
  const [issue] = result.issues;
  const path = (issue.path ?? []).map((item) => String(item.key));
  const name = path[0] ?? '';
  if (issue.type === 'strict_object' && path.length > 0) {
    throw complain('E_ARGUMENT', {
      where,
      expected: `one of the options ${Object.keys((schema as typeof detectSchema).entries).join(', ')}`,
      received: name,
    });
  }
  const percent = issue.type === 'max_value' && name !== 'maxDetections' && Number(issue.input) <= 100;
  throw complain('E_ARGUMENT', {
    where,
    expected: path.length === 0 ? 'an object of options' : `options.${path.join('.')} to be ${expectations[name]}`,
    received: issue.input,
    ...(percent ? { mend: `Percent was given? Use ${Number(issue.input) / 100}.` } : {}),
  });
}
