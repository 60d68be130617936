import { join } from 'node:path';
import * as v from 'valibot';
import { complain, reason, SigboxError } from '../../errors.js';
import { readText } from '../../files/read-file.js';
import { type ModelSpec, readSpec } from '../../identify/spec/model-spec.js';
import type { DetectOptions } from '../../types/options.js';

/** File of a run's folder that says what the results beside it are. */
export const HEADER_FILE = 'run.json';
const FORMAT = 'sigbox-run';
const VERSION = 1;

/** Scores from which labels count where results are used; the results themselves go down to the floor. */
export interface ScoreThresholds {
  scoreThreshold: number;
  /** Label → its own, in place of `scoreThreshold`. */
  labelThresholds: Record<string, number>;
}

/** How far a run has come. */
export interface RunState {
  /** Images that were found or recorded when it was begun, or resumed, the last time. */
  images: number;
  /** Whether none of them is left to be done. */
  complete: boolean;
}

/** What a run is: all that its results depend on, and where its images are. */
export interface RunHeader {
  format: typeof FORMAT;
  version: typeof VERSION;
  /** sigbox and what it computes with, by name. */
  versions: Record<string, string>;
  /** The ONNX file that was run; the hash is of its content, followed by that of the files with its weights. */
  model: { file: string; sha256: string };
  spec: ModelSpec;
  /** With every default in place; `scoreThreshold` and `labelThresholds` are those of the record: its floor. */
  options: DetectOptions & { scoreThreshold: number };
  /** Of the run itself, for whoever names no others. */
  thresholds: ScoreThresholds;
  /** Files besides data that are made of the images, over `thresholds`; `pictureSize`: longest side, null: the image's. */
  rendering: { pictures: boolean; pictureSize: number | null; crops: boolean };
  /** Formats that the run makes of its record, over `thresholds`, beside it. */
  exports: string[];
  /** Missing in runs of earlier versions. */
  state?: RunState | undefined;
  inputs: {
    /** Absolute folder that the names of images are below. */
    root: string;
    /** As they were given; of many, the first. */
    given: string[];
    /** `3/8`: of the images, the third of eight parts; null: all */
    shard: string | null;
    /** Whether results hold the SHA-256 of their image. */
    hash: boolean;
  };
}

const fraction = v.pipe(v.number(), v.minValue(0), v.maxValue(1));
const text = v.string();

const schema = v.object({
  format: v.literal(FORMAT),
  version: v.literal(VERSION),
  versions: v.record(text, text),
  model: v.object({ file: text, sha256: v.pipe(text, v.regex(/^[0-9a-f]{64}$/)) }),
  spec: v.unknown(), // checked by readSpec
  options: v.looseObject({ scoreThreshold: fraction }), // checked by planOf, where they are used
  thresholds: v.object({ scoreThreshold: fraction, labelThresholds: v.record(text, fraction) }),
  rendering: v.object({ pictures: v.boolean(), pictureSize: v.nullable(v.number()), crops: v.boolean() }),
  exports: v.optional(v.array(text), []), // others than this version knows are left alone
  state: v.optional(v.object({ images: v.number(), complete: v.boolean() })),
  inputs: v.object({ root: text, given: v.array(text), shard: v.nullable(text), hash: v.boolean() }),
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
  let content: unknown;
  try {
    content = JSON.parse(await readText(file));
  } catch (error) {
    const cause = error instanceof SigboxError ? error.cause : error;
    if (['ENOENT', 'ENOTDIR'].includes((cause as NodeJS.ErrnoException).code ?? '')) return null;
    throw new SigboxError('E_IO', `${file}: cannot be read: ${reason(cause)}. ${BEGIN_ANEW}`, { cause });
  }
  const version = (content as { version?: unknown } | null)?.version;
  if (typeof version === 'number' && version > VERSION) {
    const mend = 'A newer sigbox wrote it: use that one, or another folder.';
    throw complain('E_IO', { where: file, expected: `version ${VERSION}`, received: version, mend });
  }
  const checked = v.safeParse(schema, content);
  if (checked.success) {
    return { ...checked.output, spec: readSpec(checked.output.spec, file) } as RunHeader;
  }
  const [issue] = checked.issues;
  const expected = `${v.getDotPath(issue) ?? 'it'} to be ${issue.expected}`;
  throw complain('E_IO', { where: file, expected, received: issue.input, mend: BEGIN_ANEW });
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

const BEGIN_ANEW = '--restart begins a run anew.';
