import type { LabelList } from '../types/model.js';

/** The label that looks most like a text, by shared pairs of letters (Dice's coefficient); null when none does. */
export function nearestLabel(labels: LabelList, text: string): string | null {
  let nearest: string | null = null;
  let highest = 0.4; // below, the two have too little in common to be a slip of the pen
  for (const label of labels) {
    const likeness = label === null ? 0 : dice(pairs(label), pairs(text));
    if (likeness > highest) [nearest, highest] = [label, likeness];
  }
  return nearest;
}

/** ` Did you mean "…"?` with the label that looks most like a text; '' when none does. */
export function didYouMean(labels: LabelList, text: string): string {
  const near = nearestLabel(labels, text);
  return near === null ? '' : ` Did you mean "${near}"?`;
}

function pairs(text: string): Set<string> {
  const letters = ` ${text.toLowerCase()} `;
  return new Set(Array.from({ length: letters.length - 1 }, (_, i) => letters.slice(i, i + 2)));
}

function dice(a: Set<string>, b: Set<string>): number {
  return (2 * [...a].filter((pair) => b.has(pair)).length) / (a.size + b.size);
}
