import { counted, printable } from '../../text/printable.js';
import type { ExplainedMiss, ExplainedRegion, ExplainedScore, Explanation } from '../../types/explanations.js';
import { table } from './table.js';

interface Shown {
  /** How many classes are shown of each place, besides its labels. */
  top: number;
  /** Whether near misses are shown with their classes, or in a line each. */
  whole: boolean;
}

export function explanationText(explanation: Explanation, { top, whole }: Shown): string {
  const { image, width, height, regions, misses, isSoftmax, notes = [] } = explanation;
  const name = printable(image ?? 'standard input');
  return [
    `${name}  ${width} × ${height}, ${counted(regions.length, 'region')}\n`,
    ...notes.map((note) => `  ${note}\n`),
    ...(isSoftmax ? ['  The model’s scores are a softmax: they compete with each other.\n'] : []),
    ...regions.map((region) => `\n${regionText(region, top)}`),
    ...(misses.length === 0 ? [] : ['\nNearly found\n', ...misses.map((miss) => missText(miss, top, whole))]),
  ].join('');
}

function regionText(region: ExplainedRegion, top: number): string {
  const { labels, box, violated = [], suppressed } = region;
  const names = labels.map(({ label }) => printable(label));
  const ofParents = labels.filter(({ classId }) => !region.scores.some((score) => score.classId === classId));
  return [
    `${names.length === 0 ? 'no label left' : names.join(' · ')}  ${edges(box)}\n`,
    scoreTable(region, top),
    ...ofParents.map(({ label, score, by }) => {
      return `  ${printable(label)} ${score.toFixed(2)}: ${by === undefined ? 'it stands above others' : 'added by a rule'}\n`;
    }),
    ...violated.map((rule) => `  violated: ${printable(rule)}\n`),
    ...suppressed.map((miss) => `  ${suppressedText(miss)}\n`),
  ].join('');
}

function suppressedText({ scores, box }: ExplainedMiss): string {
  const best = scores.find(({ by }) => by !== undefined);
  if (best?.by === undefined) return '';
  const { label, score, by } = best;
  return `suppressed: ${printable(label)} ${score.toFixed(2)} at ${edges(box)}, overlap ${overlap(by)}`;
}

function missText(miss: ExplainedMiss, top: number, whole: boolean): string {
  if (whole) return `\n${edges(miss.box)}\n${scoreTable(miss, top)}`;
  const best = miss.scores.find(({ outcome }) => outcome !== 'not wanted');
  if (best === undefined) return '';
  return `  ${printable(best.label)} ${best.score.toFixed(3)} at ${edges(miss.box)}: ${why(best)}\n`;
}

function edges(box: readonly number[]): string {
  return box.map((edge) => edge.toFixed(0)).join(' ');
}

/** What counts at a place: labels, what was dropped or suppressed; and the best of the others. */
function scoreTable({ scores }: ExplainedMiss, top: number): string {
  const isTold = ({ outcome }: ExplainedScore) => outcome !== 'under its threshold' && outcome !== 'not wanted';
  const others = scores.filter((score) => !isTold(score)).slice(0, top);
  const shown = scores.filter((score) => isTold(score) || others.includes(score));
  return table(['class', 'score', 'logit', 'softmax', 'threshold', 'why'], shown.map(row));
}

function row(score: ExplainedScore): string[] {
  const { label, logit, softmax, threshold } = score;
  return [
    printable(label),
    score.score.toFixed(3),
    logit.toFixed(2),
    softmax === null ? '–' : softmax.toFixed(3),
    threshold === null ? '–' : String(Number(threshold.toFixed(3))),
    why(score),
  ];
}

function why({ outcome, score, threshold, by }: ExplainedScore): string {
  if (by !== undefined) return `suppressed by ${printable(by.label)} ${by.score.toFixed(2)}, overlap ${overlap(by)}`;
  if (outcome !== 'under its threshold') return outcome;
  return `${(threshold! - score).toFixed(3)} under its threshold`;
}

function overlap({ overlap: own, iouThreshold }: NonNullable<ExplainedScore['by']>): string {
  return `${own.toFixed(2)} over ${iouThreshold}`;
}
