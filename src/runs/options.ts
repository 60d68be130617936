import { type Option, pick, withDefaults } from '../check/option.js';
import { complain } from '../errors.js';
import type { FormatName, LabelsAs } from '../formats/format.js';
import { DETECTOR_OPTIONS, type DetectorOptions, detectPart } from '../options/detector-options.js';
import { settleOptions } from '../options/plan.js';
import { DEFAULT_FLOOR, dependsOnLowerScores, lowestRecorded } from '../postprocess/options/recording-thresholds.js';
import { type DrawStyle, STYLE_OPTIONS } from '../render/draw-style.js';
import type { DiscoverOptions } from './inputs/discover.js';
import { parseShard, type Shard } from './inputs/shard.js';
import { type RunHeader, readHeader, type ScoreThresholds } from './record/run-header.js';
import {
  type AnnotateOptions,
  checkAnnotateOptions,
  DISCOVER_OPTIONS,
  RUN_OPTIONS,
  WRITING_OPTIONS,
} from './run-options.js';

/** What is made of a run's record. */
export interface RunExports {
  formats: readonly FormatName[];
  confidence: boolean;
  /** CVAT: how further labels of a region are written. */
  labelsAs: LabelsAs;
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
  /** Whether the record may hold lower scores as well: they change nothing above them. */
  mayRecordMore: boolean;
  thresholds: ScoreThresholds;
  rendering: RunHeader['rendering'];
  contactSheet: boolean;
  /** null: none are recorded */
  candidates: { floor: number; max: number } | null;
  restart: boolean;
  hash: boolean;
  shard: Shard | null;
  exports: RunExports;
  signal: AbortSignal | undefined;
}

export const DEFAULT_EXPORTS: RunExports = {
  formats: WRITING_OPTIONS.formats.default,
  confidence: WRITING_OPTIONS.confidence.default,
  labelsAs: WRITING_OPTIONS.labelsAs.default,
  imageIds: undefined,
};

/** @throws SigboxError E_ARGUMENT  an unknown option, or one out of its range */
export function settleAnnotate(options: unknown): RunSettings {
  const given = withDefaults(RUN_OPTIONS, checkAnnotateOptions(options, 'annotate'));
  const detector = pick(given, DETECTOR_OPTIONS);
  const { scoreThreshold, labelThresholds, ...settled } = settleOptions(detectPart(detector));
  const thresholds = { scoreThreshold, labelThresholds };
  const lowest = lowestRecorded(given.floor, thresholds, settled);
  const style = changedStyle(given);
  const {
    out,
    pictures,
    pictureSize = null,
    crops,
    contactSheet,
    restart,
    hash,
    formats,
    confidence,
    labelsAs,
    imageIds,
  } = given;
  if (contactSheet && !pictures) {
    const expected = 'options.pictures to be true with options.contactSheet, which is made of them';
    throw complain('E_ARGUMENT', { where: 'annotate', expected, received: pictures });
  }
  return {
    out,
    detector: { ...detector, ...lowest },
    discover: pick(given, DISCOVER_OPTIONS),
    recorded: { ...settled, ...lowest },
    mayRecordMore: !dependsOnLowerScores({ ...settled, labelThresholds }) && !given.candidates,
    thresholds,
    rendering: { pictures, pictureSize, crops, ...(Object.keys(style).length > 0 && { style }) },
    contactSheet,
    candidates: given.candidates ? { floor: given.floor ?? DEFAULT_FLOOR, max: settled.maxCandidates } : null,
    restart,
    hash,
    shard: given.shard === undefined ? null : parseShard(given.shard),
    exports: { formats, confidence, labelsAs, imageIds },
    signal: (given as AnnotateOptions).signal,
  };
}

/** What is drawn in another way than by default. */
function changedStyle(options: object): DrawStyle {
  const asked = Object.entries(pick(options, STYLE_OPTIONS)) as [keyof typeof STYLE_OPTIONS, unknown][];
  return Object.fromEntries(
    asked.filter(([name, value]) => value !== (STYLE_OPTIONS[name] as Option<unknown>).default),
  );
}

/**
 * A run that recorded from a lower score on holds all that these settings ask for: it is resumed with its own floor. A
 * header that can't be read is complained of later.
 */
export async function withRecordedFloor(settings: RunSettings): Promise<RunSettings> {
  if (settings.restart || !settings.mayRecordMore) return settings;
  const floor = (await readHeader(settings.out).catch(() => null))?.options.scoreThreshold;
  if (floor === undefined || floor >= settings.recorded.scoreThreshold) return settings;
  const own = { scoreThreshold: floor };
  return { ...settings, detector: { ...settings.detector, ...own }, recorded: { ...settings.recorded, ...own } };
}
