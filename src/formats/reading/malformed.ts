import { type CheckContext, check } from '../../check/check.js';
import type { Schema } from '../../check/shapes.js';
import { complain, type SigboxError } from '../../errors.js';

/**
 * What a file holds, if it is as its format has it.
 *
 * @throws SigboxError E_IO  a field that is missing or of another kind
 */
export function checkContent<Output>(schema: Schema<Output>, value: unknown, where: CheckContext['where']): Output {
  return check(schema, value, { where, code: 'E_IO' });
}

/** @param expected  what the format has in that place */
export function malformed(where: string, expected: string, received: unknown, mend?: string): SigboxError {
  return complain('E_IO', { where, expected, received, ...(mend === undefined ? {} : { mend }) });
}
/** @throws SigboxError E_IO  the text is no finite number in decimal form */
export function parseNumber(text: string | undefined, where: string): number {
  const number = text === undefined || text.trim() === '' ? Number.NaN : Number(text);
  if (Number.isFinite(number)) return number;
  throw malformed(where, 'a number', text);
}
