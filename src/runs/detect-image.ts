import type { RecordingDetector, WrittenResult } from '../detector.js';
import { SigboxError } from '../errors.js';
import { thresholder } from '../postprocess/regions/threshold-regions.js';
import { parseLeading } from '../text/detections-json.js';
import { shortened } from '../text/printable.js';
import type { DetectionResult } from '../types/detections.js';
import type { InputImage } from './inputs/discover.js';
import { fileStateNow } from './inputs/file-state.js';
import type { FileState } from './record/record.js';
import type { RunHeader } from './record/run-header.js';

/** An image that was looked at, not yet recorded. */
export interface Detected {
  image: InputImage;
  file: FileState | null;
  outcome: WrittenResult | SigboxError;
}

/** What a run makes of what it records: results over its own thresholds. */
export function resultReader({ spec, options, thresholds }: Pick<RunHeader, 'spec' | 'options' | 'thresholds'>) {
  const { over, lowest } = thresholder(spec, options, thresholds);
  return (image: string, outcome: WrittenResult): DetectionResult & { image: string } => {
    const { detections } = parseLeading(`{"detections":${outcome.detections}}`, lowest);
    const { candidates: _, ...seen } = outcome;
    return { ...seen, image, ...over(detections) };
  };
}

/** A file that changes while it is read is read so often. */
const ATTEMPTS = 3;

/** Detects on an image file. A result is of the file as it was both before and after it was read. */
export async function detectImage(detector: RecordingDetector, image: InputImage, hash: boolean): Promise<Detected> {
  for (let attempt = 1; ; attempt++) {
    const file = await fileStateNow(image.path, hash);
    const outcome = await outcomeOf(detector, image.path);
    const { bytes, modified } = (await fileStateNow(image.path, false)) ?? {};
    const same = file === null ? outcome instanceof SigboxError : file.bytes === bytes && file.modified === modified;
    if (same) return { image, file, outcome };
    if (attempt < ATTEMPTS) continue;
    return { image, file, outcome: new SigboxError('E_IO', 'it changes while it is read') };
  }
}

async function outcomeOf(detector: RecordingDetector, path: string): Promise<WrittenResult | SigboxError> {
  try {
    return await detector.detectWritten(path);
  } catch (error) {
    if (!(error instanceof SigboxError)) throw error;
    return withoutPath(error, path);
  }
}

/** A record is of a name below the root; how the root was called this time is no part of it. */
function withoutPath(error: SigboxError, path: string): SigboxError {
  const prefix = `${shortened(path)}: `;
  if (!error.message.startsWith(prefix)) return error;
  return new SigboxError(error.code, error.message.slice(prefix.length), { cause: error });
}
