import { counted, printable } from '../../text/printable.js';
import type { RunSummary } from './summary.js';

/** A run's summary for people: what it came to, its labels, what failed and why. Names can't change a terminal. */
export function summaryText(out: string, summary: RunSummary): string {
  const { labels, rules } = summary;
  const counts = [...countLines(summary), ...labelLines(labels), ...ruleLines(rules)];
  return [headLine(out, summary), ...counts, ...speedLines(summary)].map((line) => `${line}\n`).join('');
}

/** One line for each failure. */
export function failureLines({ failures }: RunSummary): string[] {
  return failures.map(({ image, message }) => printable(`${image}: ${message}`));
}

function headLine(out: string, summary: RunSummary): string {
  const { images, empty, damaged, failures, notBegun, otherFiles } = summary;
  const remarks = [
    [empty, 'without a region'],
    [damaged, 'damaged, decoded in part'],
    [failures.length, 'failed'],
    [notBegun, 'not begun'],
    [otherFiles, otherFiles === 1 ? 'other file skipped' : 'other files skipped'],
  ] as const;
  const told = remarks.filter(([n]) => n > 0).map(([n, what]) => `, ${n} ${what}`);
  return `${counted(images, 'image')} annotated${told.join('')}: ${printable(out)}`;
}

function countLines({ countedFrom }: RunSummary): string[] {
  if (countedFrom === undefined) return [];
  return [`  Counted from score ${countedFrom} on; the files have lower scores as well, for evaluation.`];
}

function labelLines(labels: RunSummary['labels']): string[] {
  if (labels.length === 0) return [];
  const rows = labels.map(({ label, regions, images }) => [printable(label), String(regions), String(images)]);
  const all = [['label', 'regions', 'images'], ...rows];
  const widths = [0, 1, 2].map((column) => Math.max(...all.map((row) => row[column]!.length)));
  return all.map(([label, ...numbers]) => {
    const cells = numbers.map((text, i) => text.padStart(widths[i + 1]!));
    return `  ${[label!.padEnd(widths[0]!), ...cells].join('  ')}`;
  });
}

/** Rules that are listed one by one. */
const MAX_RULES = 20;

function ruleLines(rules: RunSummary['rules']): string[] {
  if (rules.length === 0) return [];
  const shown = rules.slice(0, MAX_RULES);
  const width = String(shown[0]!.regions).length;
  const lines = shown.map(({ rule, regions }) => `  ${String(regions).padStart(width)}  ${printable(rule)}`);
  const more = rules.length - shown.length;
  return ['Regions that violated a rule:', ...lines, ...(more > 0 ? [`  and ${counted(more, 'more rule')}`] : [])];
}

function speedLines({ done, seconds }: RunSummary): string[] {
  if (done === 0 || seconds === 0) return []; // a run that was post-processed again has taken no time of a model
  const rate = done / seconds;
  return [`${counted(done, 'image')} in ${seconds.toFixed(1)} s, ${rate.toFixed(rate < 10 ? 1 : 0)} per second`];
}
