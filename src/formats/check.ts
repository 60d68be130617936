import * as v from 'valibot';
import { complain, type SigboxError } from '../errors.js';

/**
 * What a file holds, if it is as its format has it.
 *
 * @throws SigboxError E_IO  a field that is missing or of another kind
 */
export function checked<Schema extends v.GenericSchema>(
  schema: Schema,
  value: unknown,
  where: string,
): v.InferOutput<Schema> {
  const result = v.safeParse(schema, value, { abortEarly: true });
  if (result.success) return result.output;
  const [issue] = result.issues;
  const path = v.getDotPath(issue);
  throw malformed(where, `${path === null ? '' : `${path} to be `}${issue.expected ?? issue.message}`, issue.input);
}

/** @param expected  what the format has in that place */
export function malformed(where: string, expected: string, received: unknown, mend?: string): SigboxError {
  return complain('E_IO', { where, expected, received, ...(mend === undefined ? {} : { mend }) });
}
