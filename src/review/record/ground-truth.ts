import { findImages } from '../../evaluate/tables/find-images.js';
import type { GroundTruthSet } from '../../evaluate/tables/ground-truth-set.js';
import type { GroundTruthColumns } from '../protocol/info.js';

/**
 * The ground truth as the page matches it, with the number that it gives each image of a run.
 *
 * @throws SigboxError E_ARGUMENT  it has none of the images
 */
export function groundTruthColumns({ table, images }: GroundTruthSet, names: readonly string[]): GroundTruthColumns {
  const { numbers } = findImages(names, images);
  return { ...table, numbers: Int32Array.from(numbers) };
}
