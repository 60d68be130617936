import { type HeadSpec, headOf } from '../../../heads/index.js';
import { selectClasses } from '../../../heads/selection.js';
import type { LabelList } from '../../../types/model.js';
import type { Candidates } from '../../../types/plan.js';
import type { ProbeRun } from './probe.js';
import { areScores, isNoScore } from './ranges.js';

/** What speaks against the reading of a model, and other readings that would explain it. */
export interface Doubt {
  /** What a run shows, as a sentence without its end. */
  seen: string;
  /** Fields of the head that may have another value. */
  instead: readonly { field: string; value: string }[];
}

interface Reading extends ProbeRun {
  head: HeadSpec;
  labels: LabelList;
}

/**
 * What speaks against the reading of a model, whatever its family: scores over 1, activations done twice, boxes outside the
 * picture or of no size, corners read as centres, classes without a label. The best rows of a run are looked at; nothing is
 * concluded from few of them.
 *
 * @returns the first doubt; null, as usual, where there is none
 */
export function implausible(run: ProbeRun, head: HeadSpec, labels: LabelList): Doubt | null {
  const reading = { ...run, head, labels };
  return doubtOfScores(reading) ?? doubtOfClasses(reading) ?? doubtOfBoxes(reading);
}

/** How many of the best rows of a run are looked at. */
const LOOKED_AT = 50;
/** Share of these that no detector leaves outside its picture, or smaller than a pixel. */
const MOST = 0.5;
/** A score that stands for an object, if anything does. */
const LEAST_SCORE = 0.1;
/** Rows from which on something is concluded of their boxes, and of the order of their numbers. */
const FEW = 3;
const MANY = 20;
/** How far boxes must lie from each other, as a fraction of the picture's width. */
const SPREAD = 0.5;

function doubtOfScores({ outputs, head, geometry, labels }: Reading): Doubt | null {
  const scores = scoresOf(outputs, head);
  const activation = 'activation' in head ? head.activation : 'none';
  if (scores === null) return doubtOfLogits({ outputs, head, geometry, labels });
  if (activation !== 'none') {
    const low = scores.filter((score) => score < LEAST_SCORE).length;
    const done =
      scores.length >= MANY && areScores(scores) && low > MOST * scores.length && scores.some((score) => score > 0);
    const seen = `scores lie from 0 to 1 before a ${activation} is done on them`;
    return done ? { seen, instead: [{ field: 'activation', value: 'none' }] } : null;
  }
  const highest = scores.reduce((high, score) => (score < Number.POSITIVE_INFINITY && score > high ? score : high), 0);
  if (!isNoScore(highest) || candidatesOf({ outputs, head, geometry, labels }, LEAST_SCORE).length === 0) return null;
  return { seen: `scores go up to ${Number(highest.toPrecision(4))}, and no score is over 1`, instead: [] };
}

/** Logits of what is no object are far below 0; numbers from 0 up are something else, percent perhaps. */
function doubtOfLogits(reading: Reading): Doubt | null {
  if (!('activation' in reading.head) || reading.head.activation !== 'sigmoid') return null;
  const { scores } = found(reading, Number.MIN_VALUE);
  const least = 'objectness' in reading.head && reading.head.objectness ? 0.25 : 0.5; // a product of two
  if (scores.length < MANY || scores.some((score) => score < least)) return null;
  return { seen: `every row has a score over ${least}, as no logits give`, instead: [] };
}

/** The numbers that are read as scores, where they stand by themselves. */
function scoresOf(outputs: Reading['outputs'], head: HeadSpec): Float32Array | null {
  if (head.family === 'boxes-scores') return outputs[head.scores]!.data;
  if (head.family === 'rows') return everyNth(outputs[head.output]!.data, head.columns.score, head.columns.all);
  if (head.family !== 'parts') return null;
  if (head.scores !== null) return outputs[head.scores]!.data;
  return everyNth(outputs[head.boxes]!.data, 4, 5);
}

function everyNth(data: Float32Array, first: number, step: number): Float32Array {
  return data.filter((_, i) => i % step === first);
}

/** Rows that name a class each may name one that has no label: then numbers begin elsewhere, or names are missing. */
function doubtOfClasses({ outputs, head, labels }: Reading): Doubt | null {
  const classes = classesOf(outputs, head);
  const scores = scoresOf(outputs, head);
  if (classes === null || scores === null || classes.length !== scores.length) return null;
  const unlabelled = classes.find((id, i) => id >= 0 && scores[i]! >= LEAST_SCORE && (labels[id] ?? null) === null);
  if (unlabelled === undefined) return null;
  return { seen: `class ${unlabelled} is found, and it has no label: names may be missing, or one off`, instead: [] };
}

function classesOf(outputs: Reading['outputs'], head: HeadSpec): Float32Array | null {
  if (head.family === 'rows') return everyNth(outputs[head.output]!.data, head.columns.class, head.columns.all);
  return head.family === 'parts' ? outputs[head.classes]!.data : null;
}

function doubtOfBoxes(reading: Reading): Doubt | null {
  const { head, geometry } = reading;
  const { boxFormat, boxUnit } = head as { boxFormat?: string; boxUnit?: string };
  if (boxFormat === 'cxcywh' && areCorners(candidatesOf(reading, Number.MIN_VALUE), geometry)) {
    return {
      seen: 'every box ends behind its beginning if its numbers are corners, as centres and sizes never do',
      instead: [{ field: 'boxFormat', value: 'xyxy' }],
    };
  }
  const best = candidatesOf(reading, LEAST_SCORE).slice(0, LOOKED_AT);
  if (best.length < FEW) return null;
  const share = (odd: (box: Box) => boolean) => best.filter(odd).length / best.length;
  const unit = boxUnit === 'input-pixels' ? 'input-fractions' : 'input-pixels';
  const instead = boxUnit?.startsWith('input') ? [{ field: 'boxUnit', value: unit }] : [];
  const { inputWidth, inputHeight } = geometry;
  const outside = share(([x1, y1, x2, y2]) => !within(x1, x2, inputWidth) || !within(y1, y2, inputHeight));
  if (outside > MOST) return { seen: 'most boxes lie outside the picture', instead };
  const small = share(([x1, y1, x2, y2]) => x2 >= x1 && y2 >= y1 && Math.max(x2 - x1, y2 - y1) < 1);
  return small > MOST ? { seen: 'most boxes are less than a pixel large', instead } : null;
}

type Box = [x1: number, y1: number, x2: number, y2: number];

/** The middle lies in the picture, or at most a tenth of its side beside it. */
function within(from: number, to: number, side: number): boolean {
  const middle = (from + to) / 2;
  return middle >= -side / 10 && middle <= side * 1.1;
}

/**
 * In every row the third and fourth number are not below the first and second, and mostly they lie in the picture. Boxes that
 * all lie in one place prove nothing: a network that was not trained gives such.
 */
function areCorners(boxes: readonly Box[], { inputWidth, inputHeight }: Reading['geometry']): boolean {
  if (boxes.length < MANY || !boxes.every(([x1, y1, x2, y2]) => x2 - x1 >= (x1 + x2) / 2 && y2 - y1 >= (y1 + y2) / 2)) {
    return false;
  }
  const inside = boxes.filter(([x1, y1, x2, y2]) => x2 - x1 <= inputWidth && y2 - y1 <= inputHeight);
  const begins = boxes.map(([x1, , x2]) => (x1 + x2) / 2 / inputWidth);
  return inside.length > MOST * boxes.length && Math.max(...begins) - Math.min(...begins) > SPREAD;
}

/** Boxes in the model's input, the one with the best score first; none where the graph was told the size of the picture. */
function candidatesOf(reading: Reading, least: number): Box[] {
  const { scores, boxes, space } = found(reading, least);
  if (space === 'image') return [];
  const order = Array.from(scores.keys()).sort((a, b) => scores[b]! - scores[a]!);
  return order.map((at) => Array.from(boxes.subarray(4 * at, 4 * at + 4)) as Box);
}

/** The best class of each row that has a score as high. */
function found({ outputs, head, geometry, labels }: Reading, least: number): Candidates {
  const scoreThresholds = new Float64Array(labels.length).fill(least);
  const labelled = Uint16Array.from(scoreThresholds, (_, column) => column);
  const selection = selectClasses({ scoreThresholds, labelled, single: true });
  return headOf(head).candidates(outputs, head, geometry, selection);
}
