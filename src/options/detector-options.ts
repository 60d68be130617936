import { type OptionsOf, option, optionsCheck } from '../check/option.js';
import { either, isPlain, list, oneOf, optional, type Schema, strictObject, tuple, word } from '../check/shapes.js';
import { count, notNegative, pathOf, positive, wholeFromZero } from '../check/words.js';
import type { PartialSpec } from '../identify/spec/partial-spec.js';
import { READY_MAPS } from '../labels/ready-maps.js';
import { VARIANT_NAMES } from '../model/hub/choose-file.js';
import type { PostprocessOptions } from '../postprocess/options/postprocess-options.js';
import { type LabelMap, PROVIDERS } from '../types/model.js';
import { RULE_MODES } from '../types/rules.js';
import { DETECT_OPTIONS, type DetectOptions } from './detect-options.js';

const specGiven = word<PartialSpec | string | URL>(
  'a spec, parts of one, or the path or file URL of a JSON file with one',
  (value) => isPlain(value) || typeof value === 'string', // its parts are checked by readSpec, which knows the model
);

const mapGiven = word<LabelMap | string | URL>(
  'a label map, the name of a ready one, or the path or file URL of a file with one',
  (value) => isPlain(value) || typeof value === 'string', // checked where it is read
);

/** What a model is. */
export const MODEL_OPTIONS = {
  /**
   * Path or file URL of an ONNX model, a short name such as 'dfine-n', `hf:ORG/NAME[@REVISION][/FILE.onnx]`, or
   * `https://…/model.onnx#sha256=…`. Default: the built-in SSDLite MobileNet v2 with COCO's labels
   */
  model: option(pathOf('an ONNX model'), {
    words: {
      model: {
        form: 'text',
        value: 'FILE|NAME',
        completes: 'models',
        help: 'ONNX detector: a file, hf:ORG/NAME, or a short name that sigbox models lists; several, as A and B:WEIGHT, are joined',
        otherwise: 'the built-in one, COCO’s 80 labels',
        common: true,
      },
    },
  }),
  /** Which ONNX file of a repository that holds several, if the name does not say. Default 'fp32' */
  variant: option(oneOf(...VARIANT_NAMES), {
    default: 'fp32',
    words: { variant: { form: 'text', choices: VARIANT_NAMES, help: 'Precision of a model that is fetched by name' } },
  }),
  /** A spec, parts of one, or the path of a JSON file with them; they win over what identification finds. */
  spec: option(specGiven, {
    words: {
      spec: {
        form: 'text',
        value: 'FILE',
        completes: 'files',
        help: 'JSON file with a spec, or parts of one; it wins over what sigbox infers',
      },
    },
  }),
  /** Width and height of the model's input in pixels, if the model leaves them open. */
  size: option(tuple('[width, height] in pixels', count, 2), {
    words: { size: { form: 'size', value: '640|WxH', help: 'Input size of a model that takes any size' } },
  }),
  /** Path of a file with the class names: one per line, JSON, or a data.yaml. Default: what the model says */
  labelsFile: option(pathOf('a file with class names'), {
    words: {
      'labels-file': {
        form: 'text',
        value: 'FILE',
        completes: 'files',
        help: 'Class names: a text file, JSON or data.yaml',
        otherwise: 'what the model says',
      },
    },
  }),
};

const { model: _, ...OWN_OPTIONS } = MODEL_OPTIONS;

const givenModel = either(
  'a path, or { model, weight, … }',
  pathOf('an ONNX model'),
  strictObject({
    model: pathOf('an ONNX model'),
    /** What it counts. Default 1 */
    weight: optional(positive),
    ...Object.fromEntries(
      Object.entries(OWN_OPTIONS).map(([name, { schema }]) => [name, optional(schema as Schema<unknown>)]),
    ),
    /** What `readThresholds` reads of a file for this model: its calibration, and thresholds of its own scores. */
    thresholds: optional(word<PostprocessOptions>('options of post-processing', isPlain)),
  }) as unknown as Schema<GivenModel>,
);

/** One of several models; all but `model` and `weight` as for a single one. */
export interface GivenModel extends OptionsOf<typeof OWN_OPTIONS> {
  model: string | URL;
  weight?: number;
  thresholds?: PostprocessOptions;
}

/** More than one model. */
export const SEVERAL_OPTIONS = {
  /**
   * Several models, in place of `model`: paths or names, 'b.onnx:2' for one that counts twice, or { model, weight, spec, size,
   * labelsFile, variant, thresholds }. What they find is joined by `suppression`; labels of one name are one label
   */
  models: option(list('models', givenModel, { min: 2 }), { words: { model: { form: 'texts', help: '' } } }),
};

/** What the model's labels become. */
export const MAP_OPTIONS = {
  /**
   * Renames, drops or merges labels and adds parents: a map, the path of a JSON or YAML file with one, or the name of a
   * ready one such as coco-to-voc. All other options use the new names.
   */
  map: option(mapGiven, {
    words: {
      map: {
        form: 'text',
        value: 'FILE|NAME',
        completes: 'maps',
        help: `Rename, drop or merge labels, add parents: a JSON or YAML file, or a ready map such as ${READY_MAPS[0]}`,
      },
    },
  }),
};

/** What becomes of label rules. */
export const RULE_OPTIONS = {
  /**
   * What becomes of regions whose labels violate the rules of the label map. 'repair': they get the labels that satisfy all
   * rules and change the least; 'drop': labels are only taken away; 'report': nothing changes, `violated` names the rules.
   * Default 'repair'
   */
  rules: option(oneOf(...RULE_MODES), {
    default: 'repair',
    words: {
      rules: {
        form: 'text',
        choices: RULE_MODES,
        help: 'What becomes of regions whose labels violate the rules of the label map',
      },
    },
  }),
};

/** Seconds; images of the largest size take some on a slow machine. */
export const DEFAULT_TIMEOUT = 300;

/** How the model runs. */
export const RUNNING_OPTIONS = {
  /** What runs the model: the CPU, or one of onnxruntime-node's providers for graphics cards. Default 'cpu' */
  provider: option(oneOf(...PROVIDERS), {
    default: 'cpu',
    words: { provider: { form: 'text', choices: PROVIDERS, help: 'What runs the model' } },
  }),
  /** Most worker processes; they start as needed. 0: none, inference runs in this process. Default: one per core, 1 off the CPU */
  workers: option(wholeFromZero, {
    words: {
      workers: { form: 'number', help: 'Most worker processes; 0: none', otherwise: 'one per core', common: true },
    },
  }),
  /**
   * Seconds that one image may take: a worker that takes longer is stopped and replaced, and the image fails with E_WORKER.
   * 0: no limit. Without workers nothing can stop an inference. Default 300
   */
  timeout: option(notNegative, {
    default: DEFAULT_TIMEOUT,
    words: {
      timeout: { form: 'number', value: 'SECONDS', help: 'Seconds that a worker may take for one image; 0: no limit' },
    },
  }),
  /** Threads per inference; 0: one per core. Default: 1 with workers, 0 without */
  threads: option(wholeFromZero, {
    words: { threads: { form: 'number', help: 'Threads per inference; 0: one per core', otherwise: '1 per worker' } },
  }),
};

/** Everything that `createDetector` may be told. */
export const DETECTOR_OPTIONS = {
  ...DETECT_OPTIONS,
  ...MODEL_OPTIONS,
  ...SEVERAL_OPTIONS,
  ...MAP_OPTIONS,
  ...RULE_OPTIONS,
  ...RUNNING_OPTIONS,
  /**
   * Most images that wait or are worked on at a time: a further `detect` rejects with E_BUSY at once. `detectAll` is never
   * refused: it begins only a few images at a time. Default: no limit
   */
  maxQueue: option(count),
};

/** Options of `createDetector`: a model, how it runs, and the defaults of its `detect`. */
export interface DetectorOptions extends OptionsOf<typeof DETECTOR_OPTIONS> {}

export const checkDetectorOptions = optionsCheck(DETECTOR_OPTIONS);

/** The part of a detector's options that `detect` takes as well. */
export function detectPart(options: DetectorOptions): DetectOptions {
  return Object.fromEntries(Object.entries(options).filter(([name]) => Object.hasOwn(DETECT_OPTIONS, name)));
}
