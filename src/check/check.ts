import * as v from 'valibot';
import { complain, type SigboxErrorCode } from '../errors.js';
import type { Schema } from './shapes.js';

/** The parts of a message that do not depend on the value. */
export interface CheckContext {
  /** Where the value came from: a function, an option or the path of a file. */
  where: string;
  /** What the value is called, ahead of the path inside it: 'options', 'spec'. Default none */
  path?: string;
  /** Default E_ARGUMENT */
  code?: SigboxErrorCode;
  /** How to mend it, as a sentence. */
  mend?: string;
}

/**
 * The value, checked: objects and arrays are copied, defaults filled in, undefined fields left out.
 *
 * Each shape has one schema; its type, its check and its messages all come from there:
 *
 *     const schema = strictObject({
 *       scoreThreshold: optional(fraction),
 *       scope: either("'class', 'all' or groups of labels", oneOf('class', 'all'), list('groups of labels', labels)),
 *     });
 *     type Options = Infer<typeof schema>; // { scoreThreshold?: number; scope?: 'class' | 'all' | string[][] }
 *     const options = check(schema, given, { where: 'detect', path: 'options' });
 *     // detect: expected options.scoreThreshold to be a number from 0 to 1, received 45. Percent was given? Use 0.45.
 *     // detect: expected one of the options scoreThreshold, scope, received "scop". Did you mean "scope"?
 *
 * `words.ts` has the schemas that several rooms share; `shapes.ts` builds schemas from others. Only this folder imports
 * valibot.
 *
 * @throws SigboxError `code`  the first thing that is wrong, in one line
 */
export function check<Output>(schema: Schema<Output>, value: unknown, context: CheckContext): Output {
  const result = v.safeParse(schema, value);
  if (result.success) return result.output;
  const { where, path = '', code = 'E_ARGUMENT', mend = '' } = context;
  const [issue] = result.issues;
  const { hint, ...finding } = findingOf(issue, path);
  const advice = `${hint} ${mend}`.trim();
  throw complain(code, { where, ...finding, ...(advice === '' ? {} : { mend: advice }) });
}

/** Whether a schema accepts a value. */
export function matches<Output>(schema: Schema<Output>, value: unknown): value is Output {
  return v.safeParse(schema, value).success;
}

/** What a message says of an issue. */
interface Finding {
  expected: string;
  received: unknown;
  hint: string;
}

function findingOf({ message, input, path }: v.BaseIssue<unknown>, root: string): Finding {
  const keys = [root, ...(path ?? []).map(({ key }) => String(key))];
  if (message.includes('\n')) return unknownField(message, keys);
  const place = joined(keys);
  // A number by itself says nothing: it is the place in a list that has no name here.
  const expected = /^[\d.]*$/.test(place) ? message : `${place} to be ${message}`;
  const percent = message.includes('from 0 to 1') && typeof input === 'number' && input > 1 && input <= 100;
  const hint = percent ? `Percent was given? Use ${Number((input / 100).toPrecision(12))}.` : '';
  return { expected, received: input, hint };
}

/** @param message  the fields that the object may have; in the next line the one that was meant */
function unknownField(message: string, keys: string[]): Finding {
  const [names, hint] = message.split('\n') as [string, string];
  const whole = joined(keys.slice(0, -1));
  const fields = whole === 'options' ? 'options' : whole === '' ? 'fields' : `fields of ${whole}:`;
  return { expected: `one of the ${fields} ${names}`, received: keys.at(-1), hint };
}

function joined(path: string[]): string {
  return path.filter((part) => part !== '').join('.');
}
