import { readFile } from 'node:fs/promises';
import * as v from 'valibot';
import { complain, reason, SigboxError } from '../errors.js';
import type { ModelSpec } from '../types.js';

const size = v.pipe(v.number(), v.integer('a whole number'), v.minValue(1));
const triple = v.tuple([v.number(), v.number(), v.number()]);
const nonZero = v.pipe(
  v.number(),
  v.check((value) => value !== 0, 'a number other than 0'),
);

const inputSchema = v.strictObject({
  name: v.string(),
  width: size,
  height: size,
  layout: v.picklist(['nchw', 'nhwc']),
  channels: v.picklist(['rgb', 'bgr']),
  scale: v.number(),
  mean: triple,
  std: v.tuple([nonZero, nonZero, nonZero]),
  fit: v.picklist(['stretch', 'letterbox', 'letterbox-top-left']),
  padValue: v.pipe(v.number(), v.minValue(0), v.maxValue(255)),
});

const ssdSchema = v.strictObject({
  family: v.literal('ssd'),
  scores: v.string(),
  boxes: v.string(),
  anchors: v.string(),
  activation: v.picklist(['sigmoid', 'softmax', 'none']),
  boxScales: v.tuple([nonZero, nonZero, nonZero, nonZero]),
});

const specSchema = v.strictObject({
  name: v.string(),
  input: inputSchema,
  head: v.variant('family', [ssdSchema]),
  labels: v.pipe(v.array(v.nullable(v.string())), v.minLength(1)),
});

/**
 * Checks a model spec that came from outside: JSON, metadata or a caller.
 *
 * @param where  names the source in messages
 * @throws SigboxError E_MODEL  a field that is missing, unknown or of the wrong kind
 */
export function readSpec(value: unknown, where: string): ModelSpec {
  const result = v.safeParse(specSchema, value);
  if (result.success) return result.output;
  const [issue] = result.issues;
  const mend = 'sigbox inspect --json prints the built-in model with a spec to start from.';
  throw complain('E_MODEL', { where, expected: expectationOf(issue), received: issue.input, mend });
}

/** What a schema expected where it was not met, in words. Checks without an expectation say it in their message. */
export function expectationOf(issue: v.BaseIssue<unknown>): string {
  const path = v.getDotPath(issue);
  if (path === null) return 'an object';
  if (issue.type === 'strict_object' && issue.expected === 'never') return `no field ${path}`;
  if (issue.input === undefined && issue.type === 'strict_object') return `a field ${path}`;
  return `${path} to be ${issue.expected ?? issue.message}`;
}

/** @throws SigboxError E_IO  the file can't be read. E_MODEL  it is not JSON, or no spec. */
export async function readSpecFile(file: string): Promise<ModelSpec> {
  let value: unknown;
  try {
    value = JSON.parse(await readFile(file, 'utf8'));
  } catch (cause) {
    const [code, what] =
      cause instanceof SyntaxError ? (['E_MODEL', 'is not JSON'] as const) : (['E_IO', 'cannot be read'] as const);
    throw new SigboxError(code, `spec ${file}: ${what}: ${reason(cause)}.`, { cause });
  }
  return readSpec(value, `spec ${file}`);
}
