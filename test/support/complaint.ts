import { expect } from 'vitest';
import type { SigboxErrorCode } from '../../src/errors.js';

/** What `toThrow` is given for a SigboxError: its code and its whole message are checked. */
export function complaint(code: SigboxErrorCode, message: RegExp) {
  return expect.objectContaining({ name: 'SigboxError', code, message: expect.stringMatching(message) });
}
