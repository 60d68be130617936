import { expect } from 'vitest';
import type { RemarkKind } from '../../src/formats/reading/remarks.js';

/** What a dataset's remarks are compared with: kind and count exactly, the example by a pattern. */
export function remark(kind: RemarkKind, count: number, example: RegExp = /./) {
  return {
    kind,
    count,
    example: expect.stringMatching(example),
    message: expect.stringMatching(`^${count} .+\\(.*\\)$`),
  };
}
