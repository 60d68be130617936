import { complain } from '../../errors.js';

/**
 * What thresholds are chosen for. 'f': the highest mean of F-beta over labels. 'precision': at least this precision over all
 * labels, with the highest recall. 'recall': at least this recall over all labels, with the highest precision.
 */
export type Aim = { kind: 'f'; beta: number } | { kind: 'precision'; min: number } | { kind: 'recall'; min: number };

/** True positives, false positives and ground truths per class. */
export interface ClassCounts {
  truePositives: ArrayLike<number>;
  falsePositives: ArrayLike<number>;
  groundTruths: ArrayLike<number>;
}

/**
 * Reads `f1`, `f0.5`, `precision>=0.9` or `recall>=0.95`.
 *
 * @throws SigboxError E_ARGUMENT  anything else
 */
export function parseAim(text: string): Aim {
  const [, beta] = /^f(\d+(?:\.\d+)?)$/i.exec(text) ?? [];
  if (beta !== undefined && Number(beta) > 0) return { kind: 'f', beta: Number(beta) };
  const [, kind, min] = /^(precision|recall)\s*>=\s*(0?\.\d+|[01](?:\.0+)?)$/i.exec(text) ?? [];
  if (kind !== undefined && Number(min) > 0 && Number(min) <= 1) {
    return { kind: kind.toLowerCase() as 'precision' | 'recall', min: Number(min) };
  }
  const expected = 'f1, f0.5 or another F-measure, precision>=N or recall>=N with N above 0, up to 1';
  throw complain('E_ARGUMENT', { where: 'aim', expected, received: text });
}

/** The name of an aim, as `parseAim` reads it. */
export function aimName(aim: Aim): string {
  return aim.kind === 'f' ? `f${aim.beta}` : `${aim.kind}>=${aim.min}`;
}

/** F-beta of one class; 0 without true positives. Source: van Rijsbergen, Information Retrieval (1979), chapter 7. */
export function fBeta(beta: number, truePositives: number, falsePositives: number, groundTruths: number): number {
  const square = beta * beta;
  return truePositives === 0
    ? 0
    : ((1 + square) * truePositives) / (square * groundTruths + truePositives + falsePositives);
}

/**
 * How well counts meet an aim; higher is better. F-measures: the mean over classes with ground truths. Precision and recall,
 * over all classes: a negative number below the bound, the shortfall; from the bound on, the other of the two measures.
 */
export function aimValue(aim: Aim, counts: ClassCounts): number {
  if (aim.kind === 'f') return macroF(aim.beta, counts);
  const { precision, recall } = overall(counts);
  const [bound, other] = aim.kind === 'precision' ? [precision, recall] : [recall, precision];
  return bound >= aim.min ? other : bound - aim.min;
}

/** Precision and recall over all classes; 1 without detections, or without ground truths. */
export function overall({ truePositives, falsePositives, groundTruths }: ClassCounts): {
  precision: number;
  recall: number;
} {
  let [correct, given, all] = [0, 0, 0];
  for (let c = 0; c < groundTruths.length; c++) {
    correct += truePositives[c]!;
    given += truePositives[c]! + falsePositives[c]!;
    all += groundTruths[c]!;
  }
  return { precision: given === 0 ? 1 : correct / given, recall: all === 0 ? 1 : correct / all };
}

function macroF(beta: number, { truePositives, falsePositives, groundTruths }: ClassCounts): number {
  let [sum, classes] = [0, 0];
  for (let c = 0; c < groundTruths.length; c++) {
    if (groundTruths[c] === 0) continue;
    sum += fBeta(beta, truePositives[c]!, falsePositives[c]!, groundTruths[c]!);
    classes++;
  }
  return classes === 0 ? 0 : sum / classes;
}
