import { didYouMean } from '../check/nearest-name.js';
import { complain } from '../errors.js';
import type { Dataset } from '../types/annotations.js';
import type { ClassEvaluation, Evaluation } from './evaluation.js';
import type { CocoDataset, ResultsGiven, TruthGiven } from './given.js';
import { type Matches, match } from './matching/match.js';
import { type DetectionTable, withoutClasses } from './matching/tables.js';
import { type CocoSummary, cocoSummary } from './metrics/coco.js';
import { confusionMatrix } from './metrics/confusion.js';
import { meanCurves } from './metrics/curves.js';
import { errorCosts } from './metrics/error-costs.js';
import { diagnose } from './metrics/error-kinds.js';
import { lvisNumbers } from './metrics/lvis.js';
import { reliability } from './metrics/reliability.js';
import { bestThresholds, countsAt, macroRatesOf, ratesOf, sumOf, thresholdCurve } from './metrics/score-counts.js';
import { vocSummary } from './metrics/voc.js';
import { type EvaluateOptions, settleEvaluate } from './options.js';
import { cocoTruth } from './tables/coco-truth.js';
import { datasetTruth } from './tables/dataset-truth.js';
import { resultSet } from './tables/result-set.js';
import type { TruthSet } from './tables/truth-set.js';

/**
 * Says what detections are worth against truth: average precision as COCO, VOC and LVIS have it, precision, recall and
 * F1 at a score threshold and the best one, a confusion matrix, and what kinds of errors there are.
 *
 * Labels and images are matched by name, or by number where the results are COCO's. The COCO numbers are those of
 * pycocotools 2.0.11, to the last digits, from a truth in COCO's form; see docs/evaluate.md for every rule.
 *
 * @param truth    a dataset, or a COCO file parsed
 * @param results  what `detectAll` gave, a dataset with scores, or a COCO results file parsed. For true numbers the
 *   detections go down to scores of nearly 0 (score threshold 0.001 to 0.01)
 * @throws SigboxError E_ARGUMENT  an option out of its range, no image in common, a field that is missing or no number
 */
export function evaluate(truth: TruthGiven, results: ResultsGiven, options: EvaluateOptions = {}): Evaluation {
  const set = 'annotations' in truth ? cocoTruth(truth as CocoDataset) : datasetTruth(truth as Dataset);
  const { iouThreshold, scoreThreshold, thresholds } = settle(options, set.labels);
  const { table: detections, warnings } = resultSet(results, set);
  const { table: truths, size } = set;
  const coco = cocoSummary(truths, detections, size);
  const agnostic = cocoSummary(withoutClasses(truths), withoutClasses(detections), { ...size, classes: 1 });
  const every = { iouThresholds: [iouThreshold], maxDetections: Number.POSITIVE_INFINITY };
  const matches = match(truths, detections, size, every);
  const counts = countsAt(matches, thresholds);
  const best = bestThresholds(matches);
  const voc = vocSummary(truths, detections, size, iouThreshold);
  const matrix = confusionMatrix(truths, detections, size, { iouThreshold, scoreThresholds: thresholds });
  return {
    images: size.images,
    truths: matches.truths[0]!.reduce((sum, count) => sum + count, 0),
    detections: detections.scores.length,
    coco: coco.numbers,
    classAgnostic: agnostic.numbers,
    voc: voc.numbers,
    lvis: set.federated === null ? null : lvisNumbers(truths, detections, size, set.federated),
    iouThreshold,
    scoreThreshold,
    micro: { ...sumOf(counts), ...ratesOf(sumOf(counts)), best: best.micro },
    macro: { ...macroRatesOf(counts), best: best.macro },
    classes: classesOf(set, detections, coco, matches).map((row, classId) => {
      const own = { scoreThreshold: thresholds[classId]!, best: best.classes[classId]!, voc: voc.classes[classId]! };
      return { ...row, ...counts[classId]!, ...ratesOf(counts[classId]!), ...own };
    }),
    confusion: { labels: [...set.labels, 'background'], counts: matrix },
    errors: errorCosts(diagnose(truths, detections, size, iouThreshold), truths, detections),
    curves: {
      precision: meanCurves(coco.precision, size.classes),
      thresholds: thresholdCurve(matches),
      reliability: reliabilityOf(matches),
    },
    warnings: [...set.warnings, ...warnings],
  };
}

type ClassBasis = Omit<
  ClassEvaluation,
  'best' | 'scoreThreshold' | 'voc' | 'found' | 'wrong' | 'missed' | 'precision' | 'recall' | 'f1'
>;

function classesOf(
  { labels, categoryIds }: TruthSet,
  detections: DetectionTable,
  coco: CocoSummary,
  matches: Matches,
): ClassBasis[] {
  const given = new Uint32Array(labels.length);
  for (const classId of detections.classIds) given[classId]!++;
  return labels.map((label, classId) => ({
    label,
    ...(categoryIds !== null && { categoryId: categoryIds[classId]! }),
    truths: matches.truths[0]![classId]!,
    detections: given[classId]!,
    ...coco.classes[classId]!,
  }));
}

/** Of the detections that count. */
function reliabilityOf({ scores, matched, ignored }: Matches) {
  const counting = (_: unknown, i: number) => ignored[0]![i] === 0;
  return reliability(scores.filter(counting), matched[0]!.filter(counting));
}

function settle(options: EvaluateOptions, labels: readonly string[]) {
  const { iouThreshold, scoreThreshold, labelThresholds } = settleEvaluate(options);
  const thresholds = new Float64Array(labels.length).fill(scoreThreshold);
  for (const [label, threshold] of Object.entries(labelThresholds)) {
    if (!labels.includes(label)) throw unknownLabel(label, labels);
    for (const [classId, name] of labels.entries()) if (name === label) thresholds[classId] = threshold;
  }
  return { iouThreshold, scoreThreshold, thresholds };
}

function unknownLabel(received: string, labels: readonly string[]) {
  const expected = 'options.labelThresholds to be labels of the ground truth';
  const hint = didYouMean(labels, received).trim();
  return complain('E_ARGUMENT', { where: 'evaluate', expected, received, ...(hint === '' ? {} : { mend: hint }) });
}
