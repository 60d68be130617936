import { fileURLToPath } from 'node:url';
import { check } from '../../check/check.js';
import { type Infer, list, literal, looseObject, type Schema, strictObject, withDefault } from '../../check/shapes.js';
import { text } from '../../check/words.js';
import { complain } from '../../errors.js';
import { readJson } from '../../files/read-file.js';
import { writeWhole } from '../../files/write-whole.js';
import { checkPostprocessOptions, type PostprocessOptions } from '../../postprocess/options/postprocess-options.js';

const FORMAT = 'sigbox-thresholds';
const VERSION = 1;

/** Options of a file: those that can be fitted to labelled images. */
const TAUGHT = [
  'scoreThreshold',
  'labelThresholds',
  'iouThreshold',
  'suppression',
  'measure',
  'scope',
  'calibration',
] as const;

/** Post-processing options fitted to a model. */
export type TaughtOptions = Pick<PostprocessOptions, (typeof TAUGHT)[number]>;

/** How options were found: the command, its input and its result. */
export type Provenance = Infer<typeof provenance>;
const provenance = looseObject({ by: text });

/** A file of them. */
export type ThresholdsFile = Infer<typeof thresholdsFileSchema>;
const thresholdsFileSchema = strictObject({
  format: literal(FORMAT),
  version: literal(VERSION),
  /** Checked as options are. */
  options: looseObject({}) as Schema<TaughtOptions>,
  /** How each part was found, in order; for people. */
  made: withDefault(list('an array of objects', provenance), []),
});

/** The content of a thresholds file. */
export function thresholdsFile(options: TaughtOptions, made: Provenance[]): ThresholdsFile {
  return { format: FORMAT, version: VERSION, options, made };
}

/**
 * Reads a thresholds file.
 *
 * @throws SigboxError E_IO  the file can't be read, is not a thresholds file, or is of a later version. E_ARGUMENT  an option in it that
 *   can't be right
 */
export async function readThresholdsFile(file: string | URL): Promise<ThresholdsFile> {
  const content = await readJson(file instanceof URL ? fileURLToPath(file) : file);
  const where = `thresholds ${file}`;
  const version = (content as { version?: unknown } | null)?.version;
  if (typeof version === 'number' && version > VERSION) {
    const mend = 'A newer sigbox wrote it: use that one.';
    throw complain('E_IO', { where, expected: `version ${VERSION}`, received: version, mend });
  }
  const mend = 'sigbox tune and sigbox calibrate write one.';
  const { options, made } = check(thresholdsFileSchema, content, { where, code: 'E_IO', mend });
  return thresholdsFile(checkTaughtOptions(options, where), made);
}

/** @throws SigboxError E_ARGUMENT  an option that does not belong in a thresholds file, or that is out of range */
export function checkTaughtOptions(options: object, where: string): TaughtOptions {
  const unknown = Object.keys(options).find((name) => !(TAUGHT as readonly string[]).includes(name));
  if (unknown !== undefined) {
    throw complain('E_ARGUMENT', { where, expected: `the options ${TAUGHT.join(', ')}`, received: unknown });
  }
  return checkPostprocessOptions(options, where) as TaughtOptions;
}

/**
 * Options of a thresholds file, to be spread into those of a detector: `createDetector({ ...(await
 * readThresholds('thresholds.json')) })`. Options beside them win.
 *
 * @throws SigboxError E_IO, E_ARGUMENT  as `readThresholdsFile`
 */
export async function readThresholds(file: string | URL): Promise<TaughtOptions> {
  return (await readThresholdsFile(file)).options;
}

/** Writes a thresholds file. The same content is the same bytes. @throws SigboxError E_IO  it can't be written */
export async function writeThresholdsFile(path: string, content: ThresholdsFile): Promise<void> {
  await writeWhole(path, Buffer.from(`${JSON.stringify(content, null, 2)}\n`));
}

/**
 * Options of a file, overridden by explicit ones. An explicit score threshold also replaces the file's thresholds of single
 * labels.
 */
export function besideThresholds<Options extends PostprocessOptions>(file: TaughtOptions, given: Options): Options {
  const { labelThresholds, ...others } = file;
  const kept = given.scoreThreshold === undefined ? { ...labelThresholds } : {};
  return { ...others, ...given, labelThresholds: { ...kept, ...given.labelThresholds } };
}
