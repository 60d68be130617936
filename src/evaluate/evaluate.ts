import type { ClassEvaluation, Evaluation } from './evaluation.js';
import type { GroundTruthInput, ResultsInput } from './inputs.js';
import { type Matches, match } from './matching/match.js';
import { asOneClass, type DetectionTable } from './matching/tables.js';
import { type CocoSummary, cocoSummary } from './metrics/coco.js';
import { confusionMatrix } from './metrics/confusion.js';
import { meanCurves } from './metrics/curves.js';
import { errorCosts } from './metrics/error-costs.js';
import { diagnose } from './metrics/error-kinds.js';
import { labelSets } from './metrics/label-sets.js';
import { labelThresholdsOf } from './metrics/label-thresholds.js';
import { lvisNumbers } from './metrics/lvis.js';
import { type OpenImagesNumbers, openImagesNumbers } from './metrics/open-images.js';
import { reliability } from './metrics/reliability.js';
import { ViolationCount } from './metrics/rule-violations.js';
import {
  bestThresholds,
  type Counts,
  countsAt,
  macroRatesOf,
  ratesOf,
  sumOf,
  thresholdCurve,
} from './metrics/score-counts.js';
import { vocSummary } from './metrics/voc.js';
import { type EvaluateOptions, settleEvaluate } from './options.js';
import { evaluationTables } from './tables/evaluation-tables.js';
import type { GroundTruthSet } from './tables/ground-truth-set.js';

/**
 * Compares detections with ground truth: average precision as COCO, VOC and LVIS define it; precision, recall and F1 at a score
 * threshold and at the best one; a confusion matrix; and errors by kind.
 *
 * Images and labels are paired by name, or by id if the results are COCO results. For ground truth in COCO's form the COCO
 * numbers equal those of pycocotools 2.0.11 to 1e-9. docs/evaluate.md has every rule.
 *
 * @param groundTruth  a dataset, or a parsed COCO file
 * @param results  what `detectAll` gave, a dataset with scores, or a COCO results file parsed. For true numbers the
 *   detections go down to scores of nearly 0 (score threshold 0.001 to 0.01)
 * @throws SigboxError E_ARGUMENT  an option out of range, no image in common, a field that is missing or not a number
 */
export function evaluate(
  groundTruth: GroundTruthInput,
  results: ResultsInput,
  options: EvaluateOptions = {},
): Evaluation {
  const settled = settleEvaluate(options);
  const { groundTruth: set, detections, warnings } = evaluationTables(groundTruth, results, settled);
  const { iouThreshold, scoreThreshold } = settled;
  const thresholds = labelThresholdsOf(settled, set.labels, 'evaluate');
  const { table: groundTruths, size } = set;
  const coco = cocoSummary(groundTruths, detections, size);
  const agnostic = cocoSummary(asOneClass(groundTruths), asOneClass(detections), { ...size, classes: 1 });
  const every = { iouThresholds: [iouThreshold], maxDetections: Number.POSITIVE_INFINITY };
  const matches = match(groundTruths, detections, size, every);
  const counts = countsAt(matches, thresholds);
  const best = bestThresholds(matches);
  const voc = vocSummary(groundTruths, detections, size, iouThreshold);
  const matrix = confusionMatrix(groundTruths, detections, size, { iouThreshold, scoreThresholds: thresholds });
  return {
    images: size.images,
    groundTruths: matches.groundTruths[0]!.reduce((sum, count) => sum + count, 0),
    detections: detections.scores.length,
    coco: coco.numbers,
    classAgnostic: agnostic.numbers,
    voc: voc.numbers,
    lvis: set.federated === null ? null : lvisNumbers(groundTruths, detections, size, set.federated),
    openImages: openImagesOf(groundTruth, set, detections, iouThreshold),
    iouThreshold,
    scoreThreshold,
    micro: { ...sumOf(counts), ...ratesOf(sumOf(counts)), best: best.micro },
    macro: { ...macroRatesOf(counts), best: best.macro },
    classes: classesOf(set, detections, coco, matches).map((row, classId) => {
      const own = { scoreThreshold: thresholds[classId]!, best: best.classes[classId]!, voc: voc.classes[classId]! };
      return { ...row, ...counts[classId]!, ...ratesOf(counts[classId]!), ...own };
    }),
    confusion: { labels: [...set.labels, 'background'], counts: matrix },
    errors: errorCosts(diagnose(groundTruths, detections, size, iouThreshold), groundTruths, detections),
    labelSets: labelSets(groundTruths, detections, size, {
      iouThreshold,
      scoreThresholds: thresholds,
      violations: new ViolationCount(settled.rules, set.labels),
    }),
    curves: {
      precision: meanCurves(coco.precision, size.classes),
      thresholds: thresholdCurve(matches),
      reliability: reliabilityOf(matches),
    },
    warnings,
  };
}

function openImagesOf(
  groundTruth: GroundTruthInput,
  set: GroundTruthSet,
  detections: DetectionTable,
  iouThreshold: number,
): OpenImagesNumbers | null {
  if (!set.images.some(({ verified }) => verified)) return null;
  const hierarchy = ('hierarchy' in groundTruth && groundTruth.hierarchy) || {};
  return openImagesNumbers(set, detections, { iouThreshold, hierarchy });
}

type ClassBasis = Omit<
  ClassEvaluation,
  'best' | 'scoreThreshold' | 'voc' | keyof Counts | 'precision' | 'recall' | 'f1'
>;

function classesOf(
  { labels, categoryIds }: GroundTruthSet,
  detections: DetectionTable,
  coco: CocoSummary,
  matches: Matches,
): ClassBasis[] {
  const given = new Uint32Array(labels.length);
  for (const classId of detections.classIds) given[classId]!++;
  return labels.map((label, classId) => ({
    label,
    ...(categoryIds !== null && { categoryId: categoryIds[classId]! }),
    groundTruths: matches.groundTruths[0]![classId]!,
    detections: given[classId]!,
    ...coco.classes[classId]!,
  }));
}

/** Of the detections that count. */
function reliabilityOf({ scores, matched, ignored }: Matches) {
  const counting = (_: unknown, i: number) => ignored[0]![i] === 0;
  return reliability(scores.filter(counting), matched[0]!.filter(counting));
}
