import type { CocoFile } from '../../columns/coco-file.js';
import { type CocoDataset, columnsOfDataset } from '../../columns/parsed-coco.js';
import type { Dataset } from '../../types/annotations.js';
import type { GroundTruthInput, ResultsInput } from '../inputs.js';
import type { DetectionTable } from '../matching/tables.js';
import { cocoGroundTruth } from './coco-ground-truth.js';
import { datasetGroundTruth } from './dataset-ground-truth.js';
import type { GroundTruthSet } from './ground-truth-set.js';
import { matchSizes } from './match-sizes.js';
import { resultSet } from './result-set.js';
import { unifyLabels } from './unify-labels.js';

/** Ground truth and detections of the same images, as tables with common image numbers and class ids. */
export interface EvaluationTables {
  groundTruth: GroundTruthSet;
  detections: DetectionTable;
  /** One line each, for people. */
  warnings: string[];
}

/**
 * Pairs ground truth with results, by the names of images and labels, or by COCO's ids.
 *
 * @param options.scaleGroundTruth  true: boxes of images that the results have in another size are scaled to it
 * @throws SigboxError E_ARGUMENT  no image in common, a field that is missing or not a number
 */
export function evaluationTables(
  input: GroundTruthInput,
  results: ResultsInput,
  { scaleGroundTruth = false }: { scaleGroundTruth?: boolean } = {},
): EvaluationTables {
  const given = groundTruthSet(input);
  const named = hasNames(results) ? unifyLabels(given) : given;
  const { table, sizes, warnings } = resultSet(results, named);
  const groundTruth = matchSizes(named, sizes, scaleGroundTruth);
  return { groundTruth, detections: table, warnings: [...groundTruth.warnings, ...warnings] };
}

/** COCO results have numbers of images and categories. */
function hasNames(results: ResultsInput): boolean {
  if ('boxAreas' in results) return results.idsAre === 'names';
  return !Array.isArray(results) || !results.some((entry) => 'category_id' in entry);
}

/** Ground truth of any form as tables. @throws SigboxError E_ARGUMENT  no images, a field that is missing or wrong */
export function groundTruthSet(input: GroundTruthInput): GroundTruthSet {
  if ('annotations' in input) {
    const isFile = typeof input.annotations === 'object' && 'boxAreas' in input.annotations;
    return cocoGroundTruth(isFile ? (input as CocoFile) : columnsOfDataset(input as CocoDataset));
  }
  if ('labels' in input) return datasetGroundTruth(input as Dataset);
  return cocoGroundTruth(columnsOfDataset(input));
}
