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
  throw malformed(where, expectationOf(issue), issue.input);
}

function expectationOf(issue: v.BaseIssue<unknown>): string {
  const path = v.getDotPath(issue);
  if (path === null) return String(issue.expected ?? issue.message);
  return issue.type.endsWith('object') && issue.input === undefined
    ? `a field ${path}`
    : `${path} to be ${issue.expected ?? issue.message}`;
}

/** @param expected  what the format has in that place */
export function malformed(where: string, expected: string, received: unknown, mend?: string): SigboxError {
  return complain('E_IO', { where, expected, received, ...(mend === undefined ? {} : { mend }) });
}
