import { complain } from '../../errors.js';

/**
 * What thresholds are chosen for. 'f': the highest mean, over labels, of F-beta. 'precision': of all labels given, at
 * least this share is right, with as many found as can be. 'recall': of all truths at least this share is found, with as
 * few wrong ones as can be.
 */
export type Aim =
  | { kind: 'f'; beta: number }
  | { kind: 'precision'; least: number }
  | { kind: 'recall'; least: number };

/** Right ones, wrong ones and truths, per class. */
export interface Counts {
  right: ArrayLike<number>;
  wrong: ArrayLike<number>;
  truths: ArrayLike<number>;
}

/**
 * Reads `f1`, `f0.5`, `precision>=0.9` or `recall>=0.95`.
 *
 * @throws SigboxError E_ARGUMENT  anything else
 */
export function parseAim(text: string): Aim {
  const [, beta] = /^f(\d+(?:\.\d+)?)$/i.exec(text) ?? [];
  if (beta !== undefined && Number(beta) > 0) return { kind: 'f', beta: Number(beta) };
  const [, kind, least] = /^(precision|recall)\s*>=\s*(0?\.\d+|[01](?:\.0+)?)$/i.exec(text) ?? [];
  if (kind !== undefined && Number(least) > 0 && Number(least) <= 1) {
    return { kind: kind.toLowerCase() as 'precision' | 'recall', least: Number(least) };
  }
  const expected = 'f1, f0.5 or another F-measure, precision>=N or recall>=N with N above 0, up to 1';
  throw complain('E_ARGUMENT', { where: 'aim', expected, received: text });
}

/** An aim's own name, as `parseAim` reads it. */
export function aimName(aim: Aim): string {
  return aim.kind === 'f' ? `f${aim.beta}` : `${aim.kind}>=${aim.least}`;
}

/** F-beta of one class; 0 where nothing is right. Source: van Rijsbergen, Information Retrieval (1979), chapter 7. */
export function fBeta(beta: number, right: number, wrong: number, truths: number): number {
  const square = beta * beta;
  return right === 0 ? 0 : ((1 + square) * right) / (square * truths + right + wrong);
}

/**
 * How well counts meet an aim; more is better. F-measures: the mean over classes that have truths. Precision and recall,
 * over all classes together: below the aim what is lacking, as a negative number; from the aim on, the other of the two.
 */
export function worth(aim: Aim, counts: Counts): number {
  if (aim.kind === 'f') return macroF(aim.beta, counts);
  const { precision, recall } = overall(counts);
  const [bound, other] = aim.kind === 'precision' ? [precision, recall] : [recall, precision];
  return bound >= aim.least ? other : bound - aim.least;
}

/** Precision and recall over all classes; precision of nothing is 1, recall of nothing is 1. */
export function overall({ right, wrong, truths }: Counts): { precision: number; recall: number } {
  let [hits, misses, all] = [0, 0, 0];
  for (let c = 0; c < truths.length; c++) {
    hits += right[c]!;
    misses += wrong[c]!;
    all += truths[c]!;
  }
  return { precision: hits + misses === 0 ? 1 : hits / (hits + misses), recall: all === 0 ? 1 : hits / all };
}

function macroF(beta: number, { right, wrong, truths }: Counts): number {
  let [sum, classes] = [0, 0];
  for (let c = 0; c < truths.length; c++) {
    if (truths[c] === 0) continue;
    sum += fBeta(beta, right[c]!, wrong[c]!, truths[c]!);
    classes++;
  }
  return classes === 0 ? 0 : sum / classes;
}
