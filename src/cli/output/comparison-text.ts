import type { ChangedImage, LabelComparison, ModelComparison, SliceComparison } from '../../compare/comparison.js';
import { type Difference, signed } from '../../compare/difference.js';
import { counted, printable } from '../../text/printable.js';
import { table } from './table.js';

/** Rows of labels, and of images, in the tables for people; JSON has all. */
const MAX_ROWS = 10;

/** A comparison as tables for people: one block for each model that is compared with the first. */
export function comparisonText(comparison: ModelComparison): string {
  const { images, groundTruths, models, resamples } = comparison;
  const head = `${counted(images, 'image')}, ${counted(groundTruths, 'ground truth')}, ${resamples} resamples\n`;
  const blocks = models.slice(1).map((_, m) => {
    const parts = [
      verdict(comparison, m),
      numbersTable(comparison, m),
      labelsTable(comparison, m),
      slicesTable(comparison, m),
      imagesTable(comparison, m),
    ];
    return parts.filter((part) => part !== '').join('\n');
  });
  return [head, ...blocks].join('\n');
}

function verdict({ models, numbers }: ModelComparison, m: number): string {
  return `${printable(models[m + 1]!)} against ${printable(models[0]!)}, by AP: ${printable(numbers[0]!.verdicts[m]!)}\n`;
}

function numbersTable({ models, numbers }: ModelComparison, m: number): string {
  const rows = numbers
    .filter(({ values }) => values[0]!.value >= 0)
    .map(({ title, values, differences }) => [
      ...[title, digits(values[0]!.value), digits(values[m + 1]!.value)],
      ...differenceCells(differences[m]!),
    ]);
  return table(['', ...names(models, m), 'difference', '95 % interval', 'verdict'], rows);
}

function labelsTable({ models, labels }: ModelComparison, m: number): string {
  const size = ({ differences }: LabelComparison) => Math.abs(differences[m]!.value) || 0;
  const certain = ({ adjusted }: LabelComparison) => Number(adjusted[m]!.significant) + Number(adjusted[m]!.p !== null);
  const sorted = [...labels].sort((a, b) => certain(b) - certain(a) || size(b) - size(a));
  const rows = sorted.slice(0, MAX_ROWS).map((row) => {
    const { value, low, high } = row.differences[m]!;
    const { p, significant } = row.adjusted[m]!;
    const verdict = p === null ? 'too few images' : !significant ? 'undecided' : value > 0 ? 'better' : 'worse';
    return [
      ...[
        printable(row.label),
        String(row.groundTruths),
        digits(row.values[0]!.value),
        digits(row.values[m + 1]!.value),
      ],
      ...[signed(value), interval(low, high), verdict],
    ];
  });
  const title = `label, AP (${Math.min(MAX_ROWS, labels.length)} of ${labels.length})`;
  return table([title, 'ground truths', ...names(models, m), 'difference', '95 % interval', 'corrected verdict'], rows);
}

function slicesTable({ models, slices }: ModelComparison, m: number): string {
  const rows = slices
    .filter(({ values }) => values[0]!.value >= 0)
    .map(({ by, name, images, values, differences }: SliceComparison) => [
      ...[`${printable(by)}: ${printable(name)}`, String(images)],
      ...[digits(values[0]!.value), digits(values[m + 1]!.value), ...differenceCells(differences[m]!)],
    ]);
  return table(['slice, AP', 'images', ...names(models, m), 'difference', '95 % interval', 'verdict'], rows);
}

function imagesTable({ changedImages }: ModelComparison, m: number): string {
  const counts = ({ truePositives, falsePositives, falseNegatives }: ChangedImage['before']) =>
    `${truePositives} / ${falsePositives} / ${falseNegatives}`;
  const rows = changedImages
    .filter(({ model }) => model === m + 1)
    .slice(0, MAX_ROWS)
    .map(({ image, before, after, errors }) => [
      ...[printable(image), counts(before), counts(after), `${errors > 0 ? '+' : '−'}${Math.abs(errors)}`],
    ]);
  return table(['most changed images', 'TP / FP / FN before', 'after', 'errors'], rows);
}

function differenceCells({ value, low, high, verdict, moreImages }: Difference): string[] {
  const undecided =
    moreImages === null ? 'undecided' : `undecided; +${moreImages.toLocaleString('en')} images would tell`;
  if (Number.isNaN(low)) return [signed(value), interval(low, high), 'too few images'];
  return [signed(value), interval(low, high), verdict === 'undecided' ? undecided : verdict];
}

function interval(low: number, high: number): string {
  return Number.isNaN(low) ? '–' : `${signed(low)} to ${signed(high)}`;
}

function names(models: readonly string[], m: number): string[] {
  return [printable(models[0]!), printable(models[m + 1]!)];
}

function digits(value: number): string {
  return Number.isNaN(value) ? '–' : value.toFixed(3);
}
