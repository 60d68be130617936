import type { Dataset } from '../../types/annotations.js';
import type { CocoDataset, GroundTruthInput, ResultsInput } from '../inputs.js';
import type { DetectionTable } from '../matching/tables.js';
import { cocoGroundTruth } from './coco-ground-truth.js';
import { datasetGroundTruth } from './dataset-ground-truth.js';
import type { GroundTruthSet } from './ground-truth-set.js';
import { resultSet } from './result-set.js';

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
 * @throws SigboxError E_ARGUMENT  no image in common, a field that is missing or not a number
 */
export function evaluationTables(input: GroundTruthInput, results: ResultsInput): EvaluationTables {
  const groundTruth =
    'annotations' in input ? cocoGroundTruth(input as CocoDataset) : datasetGroundTruth(input as Dataset);
  const { table, warnings } = resultSet(results, groundTruth);
  return { groundTruth, detections: table, warnings: [...groundTruth.warnings, ...warnings] };
}
