import { SigboxError } from '../errors.js';
import { type HeadSpec, headOf } from '../heads/index.js';
import type { ModelFacts } from './evidence/graph/facts.js';
import type { GivenParts } from './recognition.js';

/** A model that is recognised, but gives something else than upright boxes. */
export function notDecoded({ file }: Pick<ModelFacts, 'file'>, what: string, because: string): SigboxError {
  return new SigboxError('E_MODEL', `model ${file}: it gives ${what} (${because}), which sigbox does not decode yet.`);
}

/** A model that leaves something open; `settles` names the options that settle it. */
export function undecided({ file }: Pick<ModelFacts, 'file'>, open: string, settles: string): SigboxError {
  return new SigboxError('E_MODEL', `model ${file}: ${open}. ${settles} settles it.`);
}

/** A way to read a model that the evidence allows. */
export interface Reading {
  /** The part of a spec that chooses it. */
  spec: Readonly<Record<string, unknown>>;
  /** Whose reading it is, for people. */
  means: string;
}

/**
 * Boxes and scores as small integers are multiples of a step that only the exporter knows.
 *
 * @throws SigboxError E_MODEL  an output that a head reads them from is of such a type
 */
export function refuseIntegers({ file, outputs }: Pick<ModelFacts, 'file' | 'outputs'>, head: HeadSpec): void {
  const whole = ['classes', 'count', 'indices'].map((part) => (head as unknown as Record<string, unknown>)[part]);
  const read = headOf(head).outputs(head);
  const found = outputs.find(
    ({ name, type }) => read.includes(name) && !whole.includes(name) && /^u?int(8|16)$/.test(type),
  );
  if (found === undefined) return;
  const message =
    `model ${file}: output "${found.name}" is ${found.type}: multiples of a step that the file does not give. Export the ` +
    'model with float outputs (a DequantizeLinear at its end).';
  throw new SigboxError('E_MODEL', message);
}

/** Several readings are left. Before any is suggested to the user, it is tried on a run. */
export class SeveralReadings extends Error {
  readonly readings: readonly Reading[];

  /** @param open  what is not known, as a sentence without its end */
  constructor(open: string, readings: readonly Reading[]) {
    super(open);
    this.readings = readings;
  }
}

/**
 * Outputs beside those that a head reads are left out, each kind with a note. A head that the user gives is not questioned.
 *
 * @throws SigboxError E_MODEL  boxes are oriented
 */
export function notesOnOthers(
  facts: Pick<ModelFacts, 'file' | 'outputs' | 'metadata'>,
  read: readonly string[],
  given: Pick<GivenParts, 'head'>,
): string[] {
  const others = facts.outputs.filter(({ name }) => !read.includes(name));
  const { task = 'detect' } = facts.metadata.properties;
  const oriented = others.find(({ name }) => ORIENTED.test(name));
  if (!('family' in given.head)) {
    if (ORIENTED.test(task)) throw notDecoded(facts, 'oriented boxes', `task "${task}"`);
    if (oriented !== undefined) throw notDecoded(facts, 'oriented boxes', `output "${oriented.name}"`);
  }
  return OTHERS.flatMap(([pattern, what]) => {
    const names = others.flatMap(({ name }) => (pattern.test(name) ? [`"${name}"`] : []));
    return names.length === 0 ? [] : [leftOut(what, names.length === 1 ? `output ${names[0]}` : names.join(', '))];
  });
}

/** @param because  what holds them */
export function leftOut(what: string, because: string): string {
  return `The model gives ${what} as well (${because}): they are left out, boxes and labels are given.`;
}

const ORIENTED = /angle|rotat|\bobb\b/i;
const OTHERS: readonly [RegExp, string][] = [
  [/mask|segm|proto/i, 'masks'],
  [/key_?points?|pose|kpts?|kps|landm/i, 'key points'],
];
