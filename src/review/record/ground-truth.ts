import type { CocoDataset, GroundTruthInput } from '../../evaluate/inputs.js';
import { cocoGroundTruth } from '../../evaluate/tables/coco-ground-truth.js';
import { datasetGroundTruth } from '../../evaluate/tables/dataset-ground-truth.js';
import { findImages } from '../../evaluate/tables/find-images.js';
import type { GroundTruthSet } from '../../evaluate/tables/ground-truth-set.js';
import type { Dataset } from '../../types/annotations.js';
import type { GroundTruthColumns } from '../protocol/info.js';

/** @throws SigboxError E_ARGUMENT  no images, a field that is missing or not a number */
export function groundTruthSet(input: GroundTruthInput): GroundTruthSet {
  return 'annotations' in input ? cocoGroundTruth(input as CocoDataset) : datasetGroundTruth(input as Dataset);
}

/**
 * The ground truth as the page matches it, with the number that it gives each image of a run.
 *
 * @throws SigboxError E_ARGUMENT  it has none of the images
 */
export function groundTruthColumns({ table, images }: GroundTruthSet, names: readonly string[]): GroundTruthColumns {
  const { numbers } = findImages(names, images);
  return { ...table, numbers: Int32Array.from(numbers) };
}
