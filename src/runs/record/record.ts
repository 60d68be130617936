import type { SigboxErrorCode } from '../../errors.js';
import { isBelow } from '../../files/owned-files.js';
import { detectionsJson, parseLeading } from '../../text/detections-json.js';
import { toJson } from '../../text/json-number.js';
import type { Detection, DetectionResult, LabelScore } from '../../types/detections.js';

/** A line per image that failed. */
export const FAILURES_FILE = 'failures.jsonl';

/** An image file as it was when it was read. */
export interface FileState {
  bytes: number;
  /** Time of its last change, ISO 8601 in UTC with milliseconds. */
  modified: string;
  /** Of an object in a bucket, where it has one. */
  etag?: string;
  /** Of its content; only in runs with `hash` */
  sha256?: string;
}

/** A line of unfiltered.jsonl. */
export interface RecordedResult extends DetectionResult {
  /** Path below the root of the run's inputs, with forward slashes. */
  image: string;
  file: FileState;
}

/** The same with its detections as JSON. */
export interface WrittenRecord extends Omit<RecordedResult, 'detections'> {
  detections: string;
}

/** A line of failures.jsonl. */
export interface RecordedFailure {
  image: string;
  error: { code: SigboxErrorCode; message: string };
  /** null where there is no file to look at. */
  file: FileState | null;
}

/** Numbers keep float32 precision. Line feed included. */
export function resultLine(record: RecordedResult): string {
  return writtenLine({ ...record, detections: detectionsJson(record.detections) });
}

/** The line of a result whose detections are written already. */
export function writtenLine({ image, width, height, detections, file, ...rest }: WrittenRecord): string {
  const before = toJson({ image, width, height }).slice(0, -1);
  return `${before},"detections":${detections},${toJson({ ...rest, file }).slice(1)}\n`;
}

export function failureLine({ image, error: { code, message }, file }: RecordedFailure): string {
  return `${toJson({ image, error: { code, message }, file })}\n`;
}

/**
 * @param lowest  score from which regions are wanted: what is below need not be read. Default: all are
 * @returns null for what is no whole line of unfiltered.jsonl, as far as it is read
 */
export function parseResult(line: string, lowest = Number.NEGATIVE_INFINITY): RecordedResult | null {
  const content = parse(line, lowest);
  const { image, width, height, detections, file } = content;
  const sizes = Number.isInteger(width) && Number.isInteger(height);
  const whole = isImageName(image) && sizes && isFileState(file) && Array.isArray(detections);
  return whole && detections.every(isDetection) ? (content as unknown as RecordedResult) : null;
}

/** @returns null for what is no whole line of failures.jsonl */
export function parseFailure(line: string): RecordedFailure | null {
  const content = parse(line, Number.NEGATIVE_INFINITY);
  const { image, error, file } = content;
  const { code, message } = (error ?? {}) as Partial<RecordedFailure['error']>;
  const told = typeof code === 'string' && typeof message === 'string';
  const whole = isImageName(image) && told && (file === null || isFileState(file));
  return whole ? (content as unknown as RecordedFailure) : null;
}

/** A run folder may come from somebody else: a name that leads out of the images' folder is none that sigbox wrote. */
function isImageName(value: unknown): value is string {
  return typeof value === 'string' && isBelow(value);
}

function isDetection(value: unknown): value is Detection {
  const { box, labels, ...best } = (value ?? {}) as Partial<Detection>;
  const isBox = Array.isArray(box) && box.length === 4 && box.every(Number.isFinite);
  return isBox && isLabelScore(best) && Array.isArray(labels) && labels.length > 0 && labels.every(isLabelScore);
}

function isLabelScore(value: unknown): boolean {
  const { label, classId, score } = (value ?? {}) as Partial<LabelScore>;
  return typeof label === 'string' && Number.isInteger(classId) && Number.isFinite(score);
}

function isFileState(value: unknown): boolean {
  const { bytes, modified } = (value ?? {}) as Partial<FileState>;
  return typeof bytes === 'number' && typeof modified === 'string' && !Number.isNaN(Date.parse(modified));
}

function parse(line: string, lowest: number): Record<string, unknown> {
  try {
    const content: unknown = lowest > Number.NEGATIVE_INFINITY ? parseLeading(line, lowest) : JSON.parse(line);
    return typeof content === 'object' && content !== null ? (content as Record<string, unknown>) : {};
  } catch {
    return {}; // told from a whole line by what is missing
  }
}
