import { complain } from '../errors.js';
import { thresholdsOf } from '../labels/class-selection.js';
import { didYouMeanLabel } from '../labels/meant-label.js';
import type { AnnotatedImage, AnnotatedLabel, AnnotatedRegion, Dataset } from '../types/annotations.js';
import type { DetectionResult } from '../types/detections.js';
import type { LabelList } from '../types/model.js';

/** Annotated images that can be gone through more than once, so that files of any size are written in little memory. */
export interface Annotations {
  /** Every label that may occur, each once. */
  labels: readonly string[];
  /** labels.length; the numbers of the labels in COCO files. */
  categoryIds: readonly number[];
  /** labels.length; the numbers of the labels elsewhere. */
  classIds: readonly number[];
  images: () => AsyncIterable<AnnotatedImage>;
}

/** Results that can be gone through more than once; each has the name of its image. */
export type Results = () => AsyncIterable<DetectionResult>;

/** Annotations from a dataset in memory. */
export function annotationsOf({ labels, categoryIds, images }: Dataset): Annotations {
  const numbers = labels.map((_, i) => i);
  return {
    labels,
    categoryIds: categoryIds ?? numbers,
    classIds: categoryIds ?? numbers,
    images: async function* () {
      yield* images;
    },
  };
}

/** Results of a detector as a dataset. */
export function datasetOfResults(results: readonly DetectionResult[]): Dataset {
  const labels = new Set(
    results.flatMap(({ detections }) => detections.flatMap((each) => each.labels.map(({ label }) => label))),
  );
  const images = results.map(({ image, width, height, detections }) => ({
    ...{ image: image!, width, height },
    regions: detections.map(({ box, labels: own }) => ({
      box,
      labels: own.map(({ label, score }) => ({ label, score })),
    })),
  }));
  return { labels: [...labels], images };
}

/**
 * Annotations from a run's results. Classes of one name are one label, with the numbers of the first.
 *
 * @param labels       a model's label per class column
 * @param categoryIds  [classes] the number of each class in COCO files
 */
export function annotationsOfResults(
  results: Results,
  { labels, categoryIds }: { labels: LabelList; categoryIds: readonly number[] },
): Annotations {
  const classIds = labels.flatMap((label, classId) =>
    label !== null && labels.indexOf(label) === classId ? [classId] : [],
  );
  return {
    labels: classIds.map((classId) => labels[classId]!),
    categoryIds: classIds.map((classId) => categoryIds[classId]!),
    classIds,
    images: async function* () {
      for await (const { image, width, height, detections } of results()) {
        const regions = detections.map(({ box, labels }) => ({
          box,
          labels: labels.map(({ label, score }) => ({ label, score })),
        }));
        yield { image: image!, width, height, regions };
      }
    },
  };
}

/** Which labels of annotations are wanted. */
export interface LabelChoice {
  /** Score from which a label counts, in [0, 1]; labels without a score always do. Default 0 */
  scoreThreshold?: number | undefined;
  /** Label → its own score threshold, in place of `scoreThreshold`. Default none */
  labelThresholds?: Readonly<Record<string, number>> | undefined;
  /** Only these labels. Default all */
  include?: readonly string[] | undefined;
  /** Not these labels; wins over `include`. Default none */
  exclude?: readonly string[] | undefined;
}

/**
 * The same annotations with the wanted labels only, and the regions that have any. Labels that are never wanted are no
 * longer listed.
 *
 * @throws SigboxError E_ARGUMENT  a label that does not occur
 */
export function chosenLabels(annotations: Annotations, choice: LabelChoice): Annotations {
  const { labels } = annotations;
  const { scoreThreshold = 0, labelThresholds = {}, include, exclude } = choice;
  for (const label of [...Object.keys(labelThresholds), ...(include ?? []), ...(exclude ?? [])]) {
    if (!labels.includes(label)) {
      const mend = didYouMeanLabel(labels, label).trim();
      throw complain('E_ARGUMENT', { where: 'labels', expected: 'a label that occurs', received: label, mend });
    }
  }
  const lowest = thresholdsOf(labels, { scoreThreshold, labelThresholds, include, exclude });
  const thresholds = new Map(labels.map((label, i) => [label, lowest[i]!]));
  const kept = (_: unknown, i: number) => !Number.isNaN(lowest[i]);
  return {
    labels: labels.filter(kept),
    categoryIds: annotations.categoryIds.filter(kept),
    classIds: annotations.classIds.filter(kept),
    images: async function* () {
      for await (const image of annotations.images()) yield { ...image, regions: wanted(image.regions, thresholds) };
    },
  };
}

/** NaN is never reached. */
function wanted(regions: readonly AnnotatedRegion[], thresholds: ReadonlyMap<string, number>): AnnotatedRegion[] {
  return regions.flatMap((region) => {
    const labels = region.labels.filter(({ label, score }) => (score ?? 1) >= thresholds.get(label)!);
    return labels.length === 0 ? [] : [{ ...region, labels }];
  });
}

/** What writers need to know of all images before they write the first. */
export interface Survey {
  /** [images] names, in their order. */
  names: string[];
  /** [images] the number that an image already has; undefined where not every one has a number of its own. */
  ids: number[] | undefined;
  /** Whether there is any region. */
  regions: boolean;
  /** Whether any label has a score, and whether any region is a crowd, or difficult. */
  scores: boolean;
  crowds: boolean;
  difficult: boolean;
  /** First label of a region → the others that regions with it have. */
  further: Map<string, Set<string>>;
}

/** Goes through all annotations once. */
export async function surveyOf(annotations: Annotations): Promise<Survey> {
  const survey: Survey = {
    ...{ names: [], ids: undefined, regions: false, scores: false, crowds: false, difficult: false },
    further: new Map(),
  };
  const ids: number[] = [];
  for await (const { image, id, regions } of annotations.images()) {
    survey.names.push(image);
    if (id !== undefined) ids.push(id);
    survey.regions ||= regions.length > 0;
    survey.scores ||= regions.some(({ labels }) => labels.some(({ score }) => score !== undefined));
    survey.crowds ||= regions.some(({ crowd }) => crowd === true);
    survey.difficult ||= regions.some(({ difficult }) => difficult === true);
    for (const { labels } of regions) addFurther(survey.further, labels);
  }
  if (ids.length === survey.names.length && new Set(ids).size === ids.length) survey.ids = ids;
  return survey;
}

/** Adds what a region's labels say of each other. */
export function addFurther(further: Survey['further'], [first, ...others]: readonly AnnotatedLabel[]): void {
  if (others.length === 0) return;
  const known = further.get(first!.label) ?? new Set();
  for (const { label } of others) known.add(label);
  further.set(first!.label, known);
}
