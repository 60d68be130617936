import * as v from 'valibot';
import { complain } from '../../errors.js';
import type { HeadSpec } from '../../heads/index.js';
import type { InputSpec, LabelList, ParentLabel } from '../../types/model.js';
import { headSchema } from './head-schema.js';

/** Everything between a model file and its boxes, as data. */
export interface ModelSpec {
  /** A short name for people. */
  name: string;
  input: InputSpec;
  head: HeadSpec;
  /** The label of each class column; null for columns that mean nothing (background, gaps in a numbering). */
  labels: LabelList;
  /** Labels above those of the classes. Default none */
  parents?: ParentLabel[];
}

const size = v.pipe(v.number(), v.integer('a whole number'), v.minValue(1));
const triple = v.tuple([v.number(), v.number(), v.number()]);
const nonZero = v.pipe(
  v.number(),
  v.check((value) => value !== 0, 'a number other than 0'),
);

const extraSchema = v.strictObject({
  name: v.string(),
  type: v.picklist(['float32', 'int32', 'int64']),
  value: v.picklist(['image-wh', 'image-hw', 'input-wh', 'input-hw', 'scale-yx', 'mask']),
  maskSize: v.exactOptional(v.tuple([size, size])),
});

const inputSchema = v.strictObject({
  name: v.string(),
  type: v.optional(v.picklist(['float32', 'float16', 'uint8']), 'float32'),
  width: size,
  height: size,
  layout: v.picklist(['nchw', 'nhwc']),
  batched: v.optional(v.boolean(), true),
  channels: v.picklist(['rgb', 'bgr']),
  scale: v.number(),
  mean: triple,
  std: v.tuple([nonZero, nonZero, nonZero]),
  fit: v.picklist(['stretch', 'letterbox', 'letterbox-top-left', 'shortest-edge']),
  rounding: v.optional(v.picklist(['nearest', 'down', 'cut']), 'nearest'),
  interpolation: v.optional(v.picklist(['antialias', 'bilinear', 'bicubic', 'bilinear-warp']), 'antialias'),
  padValue: v.pipe(v.number(), v.minValue(0), v.maxValue(255)),
  multipleOf: v.optional(size, 1),
  extras: v.optional(v.array(extraSchema), []),
});

const parentSchema = v.strictObject({
  label: v.string(),
  below: v.array(v.string()),
  score: v.picklist(['maximum', 'noisy-or']),
});

const specSchema = v.strictObject({
  name: v.string(),
  input: inputSchema,
  head: headSchema,
  labels: v.pipe(v.array(v.nullable(v.string())), v.minLength(1)),
  parents: v.exactOptional(v.array(parentSchema)),
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

/** Whether a value is a spec that leaves nothing out. */
export function isSpec(value: unknown): boolean {
  return v.is(specSchema, value);
}

/** Whether a value is a head that leaves nothing out. */
export function isHead(value: unknown): value is HeadSpec {
  return v.is(headSchema, value);
}

/** What a schema expected where it was not met, in words. Checks without an expectation say it in their message. */
export function expectationOf(issue: v.BaseIssue<unknown>): string {
  const path = v.getDotPath(issue);
  if (path === null) return 'an object';
  if (issue.type === 'strict_object' && issue.expected === 'never') return `no field ${path}`;
  if (issue.input === undefined && /object$/.test(issue.type)) return `a field ${path}`;
  return `${path} to be ${issue.expected ?? issue.message}`;
}
