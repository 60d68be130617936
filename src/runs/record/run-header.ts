import { join } from 'node:path';
import { check } from '../../check/check.js';
import {
  type Infer,
  list,
  literal,
  looseObject,
  object,
  optional,
  orNull,
  record,
  type Schema,
  strictObject,
  withDefault,
  word,
} from '../../check/shapes.js';
import { count, flag, fraction, positive, text, wholeFromZero } from '../../check/words.js';
import { complain, reason, SigboxError } from '../../errors.js';
import { readText } from '../../files/read-file.js';
import { modelSpec } from '../../identify/spec/model-spec.js';
import type { DetectOptions } from '../../options/detect-options.js';
import type { PostprocessOptions } from '../../postprocess/options/postprocess-options.js';
import { STYLE_OPTIONS } from '../../render/draw-style.js';

/** File of a run's folder that says what the results beside it are. */
export const HEADER_FILE = 'run.json';
const FORMAT = 'sigbox-run';
const VERSION = 2; // 1: the record was called results.jsonl

const style = object(
  Object.fromEntries(
    Object.entries(STYLE_OPTIONS).map(([name, { schema }]) => [name, optional(schema as Schema<unknown>)]),
  ),
);

/** Scores from which labels count where results are used; the results themselves go down to the floor. */
export type ScoreThresholds = Infer<typeof scoreThresholds>;
const scoreThresholds = strictObject({
  scoreThreshold: fraction,
  /** Label → its own, in place of `scoreThreshold`. */
  labelThresholds: record('numbers from 0 to 1, by label', fraction),
});

const sha256 = word<string>('a SHA-256', (value) => typeof value === 'string' && /^[0-9a-f]{64}$/.test(value));

// The rest of the options is checked where they are used.
const recordedOptions = looseObject({ scoreThreshold: fraction }) as Schema<DetectOptions & { scoreThreshold: number }>;

/** How far a run has come. */
export type RunState = Infer<typeof runState>;
const runState = object({
  /** Images that were found or recorded when it was begun, or resumed, the last time. */
  images: wholeFromZero,
  /** Whether none of them is left to be done. */
  complete: flag,
});

/** What a run is: all that its results depend on, and where its images are. Fields of later versions are left out. */
export type RunHeader = Infer<typeof runHeaderSchema>;
const runHeaderSchema = object({
  format: literal(FORMAT),
  version: literal(VERSION),
  /** sigbox and what it computes with, by name. */
  versions: record('strings, by name', text),
  /** The ONNX file that was run; the hash is of its content, followed by that of the files with its weights. */
  model: object({
    file: text,
    sha256,
    /** Of a model that was named: the name that gives this very file again, and the commit of its repository. */
    name: optional(text),
    revision: optional(text),
  }),
  spec: modelSpec,
  /** The models of a run of several, the first one included; `model` is that, `spec` has the labels of all. Missing: one */
  models: optional(
    list(
      'models',
      object({
        file: text,
        sha256,
        name: optional(text),
        revision: optional(text),
        /** Its own, with the labels of results. */
        spec: modelSpec,
        weight: positive,
        /** Calibration and thresholds of its own scores. */
        thresholds: looseObject({}) as Schema<PostprocessOptions>,
      }),
    ),
  ),
  /** With every default in place; `scoreThreshold` and `labelThresholds` are those of the record: its floor. */
  options: recordedOptions,
  /** Of the run itself, unless others are given. */
  thresholds: scoreThresholds,
  /**
   * Files besides data that are made of the images, over `thresholds`; `pictureSize`: longest side, null: the image's;
   * `style`: what differs from the default.
   */
  rendering: object({ pictures: flag, pictureSize: orNull(count), crops: flag, style: optional(style) }),
  /** Formats that the run makes of its record, over `thresholds`, beside it. Those of later versions are left alone. */
  exports: withDefault(list('names of formats', text), []),
  /** Score from which candidates are recorded as well, and how many at most; missing where they are not. */
  candidates: optional(object({ floor: fraction, max: count })),
  /** Missing in runs of earlier versions. */
  state: optional(runState),
  inputs: object({
    /** Absolute folder that the names of images are below. */
    root: text,
    /** As they were given; of many, the first. */
    given: list('paths', text),
    /** `3/8`: of the images, the third of eight parts; null: all */
    shard: orNull(text),
    /** Whether results hold the SHA-256 of their image. */
    hash: flag,
  }),
});

/** A header with its format and version. */
export function runHeader(content: Omit<RunHeader, 'format' | 'version'>): RunHeader {
  return { format: FORMAT, version: VERSION, ...content };
}

/** As it stands in its file. */
export function headerText(header: RunHeader): string {
  return `${JSON.stringify(header, null, 2)}\n`;
}

/**
 * Reads what the run in a folder is.
 *
 * @returns null when there is none
 * @throws SigboxError E_IO  it can't be read, or is no header of a run that this version knows
 */
export async function readHeader(folder: string): Promise<RunHeader | null> {
  const file = join(folder, HEADER_FILE);
  const text = await readText(file).catch((error) => {
    const { cause } = error as SigboxError;
    if (['ENOENT', 'ENOTDIR'].includes((cause as NodeJS.ErrnoException)?.code ?? '')) return null;
    throw error instanceof SigboxError && cause !== undefined ? unreadable(file, cause) : error;
  });
  return text === null ? null : parseHeader(text, file);
}

/**
 * What a run is, from the text of its file.
 *
 * @param where  the file, for messages
 * @throws SigboxError E_IO  it is no header of a run that this version knows
 */
export function parseHeader(text: string, where: string): RunHeader {
  let content: unknown;
  try {
    content = JSON.parse(text);
  } catch (cause) {
    throw unreadable(where, cause);
  }
  const version = (content as { version?: unknown } | null)?.version;
  if (typeof version === 'number' && version !== VERSION) {
    const mend =
      version > VERSION
        ? 'A newer sigbox wrote it: use that one, or another folder.'
        : 'An older sigbox wrote it: use another folder, or --restart, which starts the run over.';
    throw complain('E_IO', { where, expected: `version ${VERSION}`, received: version, mend });
  }
  const header = check(runHeaderSchema, content, { where, code: 'E_IO', mend: START_OVER });
  return { ...header, options: (content as RunHeader).options }; // in their order: a header is written as it was read
}

function unreadable(file: string, cause: unknown): SigboxError {
  return new SigboxError('E_IO', `${file}: cannot be read: ${reason(cause)}. ${START_OVER}`, { cause });
}

/** Whether a folder holds a run, of any version. */
export async function holdsRun(folder: string): Promise<boolean> {
  const text = await readText(join(folder, HEADER_FILE)).catch(() => '');
  return text !== '' && isHeader(text);
}

/** Whether a text is a run's header, of any version, or what a power cut left of one. */
export function isHeader(text: string): boolean {
  if (/^\0*$/.test(text)) return true;
  const [start, found] = [`{"format":"${FORMAT}"`, text.replace(/\s/g, '')];
  if (found.startsWith(start) || start.startsWith(found)) return true;
  try {
    return JSON.parse(text)?.format === FORMAT;
  } catch {
    return false;
  }
}

const START_OVER = '--restart starts the run over.';
