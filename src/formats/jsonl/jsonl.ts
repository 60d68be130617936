import { reason, SigboxError } from '../../errors.js';
import { readLines } from '../../files/lines.js';
import { toJson } from '../../text/json-number.js';
import type { DetectionResult } from '../../types/detections.js';

/** One result as one line of JSON Lines, line feed included. Numbers keep float32 precision. */
export function toJsonLine({ image, width, height, detections, ...rest }: DetectionResult): string {
  return `${toJson({ image, width, height, detections, ...rest })}\n`;
}

/**
 * Reads the results of a JSON Lines file, one at a time.
 *
 * @throws SigboxError E_IO  the file can't be read, or a line of it is no JSON.
 */
export async function* readJsonLines(file: string): AsyncGenerator<DetectionResult> {
  let line = 0;
  try {
    for await (const { text } of readLines(file)) {
      line++;
      if (text !== '') yield JSON.parse(text) as DetectionResult;
    }
  } catch (cause) {
    const where = line === 0 ? file : `${file}: line ${line}`;
    throw new SigboxError('E_IO', `${where}: cannot be read: ${reason(cause)}.`, { cause });
  }
}
