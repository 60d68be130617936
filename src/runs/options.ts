import * as v from 'valibot';
import { complain } from '../errors.js';
import { FORMAT_NAMES, type FormatName } from '../formats/format.js';
import { checkDetectorOptions, detectPart, settleOptions } from '../options.js';
import type { DetectOptions, DetectorOptions } from '../types/options.js';
import type { DiscoverOptions } from './inputs/discover.js';
import { parseShard, type Shard } from './inputs/shard.js';
import type { RunHeader, ScoreThresholds } from './record/run-header.js';

/** What `annotate` does, besides what its detector does. */
export interface AnnotateOptions extends DetectorOptions, Omit<DiscoverOptions, 'skip'> {
  /** Folder for everything that is written; made if missing. */
  out: string;
  /**
   * Score from which labels are recorded, in [0, 1]; `scoreThreshold` and `labelThresholds`, which apply to everything
   * that is made of the record, lower it. Default 0.05
   */
  floor?: number;
  /**
   * Record as well what the model saw before suppression, from the floor on, so that the run can be post-processed again with
   * other options; `maxCandidates` limits how many. Default false
   */
  candidates?: boolean;
  /** Begin anew, where the folder holds a run already. Default: go on with it */
  restart?: boolean;
  /** Tell changed images by the SHA-256 of their content, not by size and time alone. Default false */
  hash?: boolean;
  /** `3/8`: only the third of eight parts of the images. Default all */
  shard?: string;
  /** Draw the regions into copies of the images. Default true */
  pictures?: boolean;
  /** Longest side of those, pixels. Default: as the image */
  pictureSize?: number;
  /** Cut every region out, by label. Default false */
  crops?: boolean;
  /** What is made of the record in the end, over the score thresholds. Default ['coco', 'coco-results'] */
  formats?: FormatName[];
  /** YOLO: the score as a sixth number of each line, which training does not take. Default false */
  confidence?: boolean;
  /**
   * Path of a COCO dataset whose numbers of images and categories the COCO files are to have. Default: those of COCO's
   * labels; numbers from the names, or 1, 2, 3
   */
  imageIds?: string;
  /** On abort no further image is begun; those in flight are finished, and every file is written. */
  signal?: AbortSignal;
}

/** What is made of a run's record. */
export interface RunExports {
  formats: readonly FormatName[];
  confidence: boolean;
  /** Path of a COCO dataset with numbers of images and categories. */
  imageIds: string | undefined;
}

/** The same with every default in place. */
export interface RunSettings {
  out: string;
  detector: DetectorOptions;
  discover: DiscoverOptions;
  /** As results are recorded: from the floor. */
  recorded: RunHeader['options'];
  thresholds: ScoreThresholds;
  rendering: RunHeader['rendering'];
  /** null: none are recorded */
  candidates: { floor: number; max: number } | null;
  restart: boolean;
  hash: boolean;
  shard: Shard | null;
  exports: RunExports;
  signal: AbortSignal | undefined;
}

export const DEFAULT_FLOOR = 0.05;
export const DEFAULT_EXPORTS: RunExports = {
  formats: ['coco', 'coco-results'],
  confidence: false,
  imageIds: undefined,
};

const flag = v.optional(v.boolean());
const strings = v.optional(v.array(v.string()));
const positive = v.pipe(v.number(), v.integer(), v.minValue(1));
const fraction = v.pipe(v.number(), v.minValue(0), v.maxValue(1));

const entries = {
  out: v.pipe(v.string(), v.minLength(1)),
  ...{ floor: v.optional(fraction), candidates: flag, restart: flag, hash: flag, shard: v.optional(v.string()) },
  ...{ pictures: flag, pictureSize: v.optional(positive), crops: flag, imageIds: v.optional(v.string()) },
  ...{ formats: v.optional(v.array(v.picklist(FORMAT_NAMES))), confidence: flag },
  ...{ listed: strings, recursive: flag, extensions: strings, includeFiles: strings, excludeFiles: strings },
  signal: v.optional(v.instance(AbortSignal)),
};
const schema = v.object(entries);

const expectations: Record<keyof typeof entries, string> = {
  out: 'the path of a folder',
  floor: 'a number from 0 to 1',
  candidates: 'true or false',
  ...{ restart: 'true or false', hash: 'true or false', pictures: 'true or false', crops: 'true or false' },
  ...{ recursive: 'true or false', shard: 'a part of parts, as 3/8' },
  pictureSize: 'a positive whole number of pixels',
  imageIds: 'the path of a COCO dataset',
  ...{ formats: `an array of formats: ${FORMAT_NAMES.join(', ')}`, confidence: 'true or false' },
  ...{ listed: 'an array of paths', extensions: 'an array of endings' },
  ...{ includeFiles: 'an array of patterns', excludeFiles: 'an array of patterns' },
  signal: 'an AbortSignal',
};

/** @throws SigboxError E_ARGUMENT  an unknown option, or one out of its range */
export function settleAnnotate(options: unknown): RunSettings {
  const checked = v.safeParse(schema, options ?? {});
  if (!checked.success) throw refusal(checked.issues[0]);
  const own = checked.output;
  const given = Object.entries(options as object).filter(([name, value]) => !(name in entries) && value !== undefined);
  const detector = checkDetectorOptions(Object.fromEntries(given));
  const { scoreThreshold, labelThresholds, ...settled } = settleOptions(detectPart(detector));
  const thresholds = { scoreThreshold, labelThresholds };
  const lowest = lowestRecorded(own.floor, thresholds, settled);
  const { listed, recursive, extensions, includeFiles, excludeFiles } = own;
  return {
    out: own.out,
    detector: { ...detector, ...lowest },
    discover: withoutUndefined({ listed, recursive, extensions, includeFiles, excludeFiles }),
    recorded: { ...settled, ...lowest },
    thresholds,
    rendering: { pictures: own.pictures ?? true, pictureSize: own.pictureSize ?? null, crops: own.crops ?? false },
    candidates: own.candidates === true ? { floor: own.floor ?? DEFAULT_FLOOR, max: settled.maxCandidates } : null,
    restart: own.restart ?? false,
    hash: own.hash ?? false,
    shard: own.shard === undefined ? null : parseShard(own.shard),
    exports: {
      formats: own.formats ?? DEFAULT_EXPORTS.formats,
      confidence: own.confidence ?? DEFAULT_EXPORTS.confidence,
      imageIds: own.imageIds,
    },
    signal: own.signal,
  };
}

/**
 * Scores from which labels are recorded: the floor, of every label alike. Where lower scores would change what comes of
 * higher ones, as in the mean of boxes that are fused, they are the thresholds themselves.
 */
export function lowestRecorded(
  floor: number | undefined,
  thresholds: ScoreThresholds,
  { suppression, scope }: Pick<DetectOptions, 'suppression' | 'scope'>,
): ScoreThresholds {
  const lowest = Math.min(thresholds.scoreThreshold, ...Object.values(thresholds.labelThresholds));
  const several = Object.keys(thresholds.labelThresholds).length > 0;
  const fuses = suppression === 'wbf' || suppression === 'nmw';
  if (!fuses && !(several && scope !== 'class')) {
    return { scoreThreshold: Math.min(floor ?? DEFAULT_FLOOR, lowest), labelThresholds: {} };
  }
  if (floor === undefined || floor >= lowest) return thresholds;
  const why = fuses ? `suppression '${suppression}'` : 'thresholds of single labels that are rivals of others';
  const mend = 'Lower scores would change what comes of higher ones.';
  throw complain('E_ARGUMENT', { where: 'annotate', expected: `no floor with ${why}`, received: floor, mend });
}

function refusal(issue: v.BaseIssue<unknown>) {
  const name = String(issue.path?.[0]?.key ?? '') as keyof typeof entries;
  const expected = name in expectations ? `options.${name} to be ${expectations[name]}` : 'an object of options';
  return complain('E_ARGUMENT', { where: 'annotate', expected, received: issue.input });
}

function withoutUndefined<T extends object>(options: T): { [K in keyof T]: Exclude<T[K], undefined> } {
  return Object.fromEntries(Object.entries(options).filter(([, value]) => value !== undefined)) as never;
}
