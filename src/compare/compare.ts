import { complain } from '../errors.js';
import type { GroundTruthInput, ResultsInput } from '../evaluate/inputs.js';
import type { DetectionTable } from '../evaluate/matching/tables.js';
import { labelThresholdsOf } from '../evaluate/metrics/label-thresholds.js';
import type { Counts } from '../evaluate/metrics/score-counts.js';
import { groundTruthSet } from '../evaluate/tables/evaluation-tables.js';
import type { GroundTruthSet } from '../evaluate/tables/ground-truth-set.js';
import { resultSet } from '../evaluate/tables/result-set.js';
import type {
  ChangedImage,
  LabelComparison,
  ModelComparison,
  NumberComparison,
  SliceComparison,
} from './comparison.js';
import { differenceOf, differenceText, holm, intervalOf, MIN_IMAGES } from './difference.js';
import { HEADLINE_NUMBERS, type ModelNumbers, modelNumbers } from './model-numbers.js';
import { type CompareOptions, settleCompare } from './options.js';
import { minus, type Resampled, resample } from './resample.js';
import { sliceNumbers, slicesOf } from './slices.js';

/** Images that are listed as changed, per model. */
const MAX_CHANGED = 20;

/** Results of one model, and what it is called. */
export interface NamedResults {
  name: string;
  results: ResultsInput;
}

/**
 * Compares models on the same ground truth: every headline number with the difference to the first model, its 95 % interval
 * from a paired bootstrap over images, and a verdict; per label with a correction for the number of labels; and by parts of
 * the objects and images.
 *
 * @param models  two or more; all others are compared with the first
 * @throws SigboxError E_ARGUMENT  fewer than two models or images, an option out of range, no image in common
 */
export function compare(
  groundTruth: GroundTruthInput,
  models: readonly NamedResults[],
  options: CompareOptions = {},
): ModelComparison {
  const { slices: fields = {}, ...rest } = options;
  const settled = settleCompare(rest);
  if (models.length < 2) {
    throw complain('E_ARGUMENT', { where: 'compare', expected: 'two or more models', received: models.length });
  }
  const set = groundTruthSet(groundTruth);
  const { images } = set.size;
  if (images < 2) throw complain('E_ARGUMENT', { where: 'compare', expected: 'two or more images', received: images });
  const read = models.map(({ results }) => resultSet(results, set));
  const tables = read.map(({ table }) => table);
  const thresholds = labelThresholdsOf(settled, set.labels, 'compare');
  const measures = tables.map((table) => modelNumbers(set, table, { iouThreshold: settled.iouThreshold, thresholds }));
  const { resamples, seed } = settled;
  const drawn = resample(
    measures.map(({ measure }) => measure),
    { images, resamples, seed },
  );
  const names = models.map(({ name }) => name);
  return {
    images,
    groundTruths: set.table.crowds.reduce((sum, crowd, row) => sum + (crowd || set.table.difficult[row] ? 0 : 1), 0),
    ...{ models: names, iouThreshold: settled.iouThreshold, resamples, seed },
    numbers: HEADLINE_NUMBERS.map((number, i) => ({ ...number, ...numberOf(drawn, i, names, images) })),
    labels: labelsOf(drawn, set, names),
    slices: comparedSlices(set, tables, names, { fields: fieldValues(set, fields), resamples, seed }),
    changedImages: changedImages(measures, set),
    warnings: [
      ...(images < MIN_IMAGES ? [fewImages(images)] : []),
      ...set.warnings,
      ...read.flatMap(({ warnings }, m) => warnings.map((warning) => `${names[m]}: ${warning}`)),
    ],
  };
}

function fewImages(images: number): string {
  return `${images} images are too few for intervals and verdicts, which need ${MIN_IMAGES}; hundreds tell small differences.`;
}

type Compared = Pick<NumberComparison, 'values' | 'differences' | 'verdicts'>;

function numberOf({ values, draws }: Resampled, i: number, names: readonly string[], images: number): Compared {
  const differences = names.slice(1).map((_, m) => {
    return differenceOf(values[m + 1]![i]! - values[0]![i]!, minus(draws[m + 1]![i]!, draws[0]![i]!), images);
  });
  return {
    values: names.map((_, m) => intervalOf(values[m]![i]!, draws[m]![i]!, images)),
    differences,
    verdicts: differences.map((difference, m) => differenceText(names[m + 1]!, difference)),
  };
}

function labelsOf(
  drawn: Resampled,
  { labels, table, size }: GroundTruthSet,
  names: readonly string[],
): LabelComparison[] {
  const counts = new Uint32Array(size.classes);
  const images = labels.map(() => new Set<number>());
  for (let row = 0; row < table.classIds.length; row++) {
    if (table.crowds[row] === 1 || table.difficult[row] === 1) continue;
    counts[table.classIds[row]!]!++;
    images[table.classIds[row]!]!.add(table.images[row]!);
  }
  const rows = [...labels.keys()]
    .filter((classId) => counts[classId]! > 0)
    .map((classId) => {
      const { values, differences } = numberOf(drawn, HEADLINE_NUMBERS.length + classId, names, size.images);
      const own = { label: labels[classId]!, groundTruths: counts[classId]!, images: images[classId]!.size };
      return { ...own, values, differences };
    });
  const tested = (row: (typeof rows)[number], m: number) => (row.images < MIN_IMAGES ? null : row.differences[m]!.p);
  const adjusted = names.slice(1).map((_, m) => holm(rows.map((row) => tested(row, m))));
  return rows.map((row, i) => ({
    ...row,
    adjusted: adjusted.map((ps) => ({ p: ps[i]!, significant: ps[i] !== null && ps[i]! < 0.05 })),
  }));
}

interface SliceInput {
  fields: Record<string, readonly unknown[]>;
  resamples: number;
  seed: number;
}

function comparedSlices(
  set: GroundTruthSet,
  tables: readonly DetectionTable[],
  names: readonly string[],
  { fields, resamples, seed }: SliceInput,
): SliceComparison[] {
  const { images } = set.size;
  return slicesOf(set, fields).map((slice) => {
    const measures = tables.map((table) => sliceNumbers(set, table, slice));
    const among = slice.images === null ? {} : { among: slice.images };
    const drawn = resample(measures, { images, resamples, seed, ...among });
    const count = slice.images?.length ?? images;
    return { by: slice.by, name: slice.name, images: count, ...numberOf(drawn, 0, names, count) };
  });
}

/** [images] values of each field, for the images of the ground truth. @throws SigboxError E_ARGUMENT  no image has one */
function fieldValues({ images }: GroundTruthSet, fields: NonNullable<CompareOptions['slices']>) {
  const entries = Object.entries(fields).map(([field, values]) => {
    const own = images.map(({ name }) => (name !== null && Object.hasOwn(values, name) ? values[name] : undefined));
    if (own.every((value) => value === undefined || value === null)) {
      const expected = `the field ${field} of some image`;
      throw complain('E_ARGUMENT', { where: 'slices', expected, received: 'none' });
    }
    return [field, own] as const;
  });
  return Object.fromEntries(entries);
}

function changedImages(measures: readonly ModelNumbers[], { images, size }: GroundTruthSet): ChangedImage[] {
  const [first, ...others] = measures.map(({ counts }) => counts.byImage(size.images)) as [Counts[], ...Counts[][]];
  const errorsIn = ({ falsePositives, falseNegatives }: Counts) => falsePositives + falseNegatives;
  return others.flatMap((own, m) => {
    const changes = own.map((after, i): ChangedImage => {
      const { name, id } = images[i]!;
      const before = first[i]!;
      return { image: name ?? String(id), model: m + 1, before, after, errors: errorsIn(after) - errorsIn(before) };
    });
    const changed = changes.filter(({ errors }) => errors !== 0);
    return changed.sort((a, b) => Math.abs(b.errors) - Math.abs(a.errors)).slice(0, MAX_CHANGED);
  });
}
