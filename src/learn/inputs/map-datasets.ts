import { datasetOfColumns } from '../../columns/named-columns.js';
import { complain } from '../../errors.js';
import type { ResultsInput } from '../../evaluate/inputs.js';
import { datasetOfResults } from '../../formats/annotations.js';
import { readLabelMap } from '../../identify/sidecars/label-map.js';
import { regionMap, rulesNeedScores } from '../../postprocess/regions/map-regions.js';
import type { Dataset } from '../../types/annotations.js';
import type { DetectionResult } from '../../types/detections.js';
import type { LabelMap } from '../../types/model.js';

/**
 * Ground truth, and results if there are some, under a label map. What is federated in the ground truth is no longer said: it would be
 * said of other labels.
 *
 * @param given            as `readLabelMap` takes it
 * @param options.parents  false: without the labels that are above others. Default true
 * @throws SigboxError E_IO, E_ARGUMENT  a map that can't be read, or has labels that neither of the two has
 */
export async function mapDatasets(
  given: string | URL | LabelMap,
  groundTruth: Dataset,
  results?: Dataset,
  { parents = true }: { parents?: boolean } = {},
): Promise<{ groundTruth: Dataset; results: Dataset | undefined }> {
  const labels = [...new Set([...groundTruth.labels, ...(results?.labels ?? [])])];
  const { map: whole, where } = await readLabelMap(given, labels);
  if (whole.rules !== undefined && results !== undefined) throw rulesNeedScores(where);
  const map = parents ? whole : withoutParents(whole, labels);
  // Without results a model has mapped its own labels, and complained of those that it does not have.
  const known = results === undefined ? [...new Set([...labels, ...namedIn(map)])] : labels;
  const { labels: names, map: mapRegions } = regionMap(known, map, where);
  const mapped = ({ images }: Dataset): Dataset => ({
    labels: names,
    images: images.map(({ absent: _a, incomplete: _i, ...image }) => ({
      ...image,
      regions: mapRegions(image.regions),
    })),
  });
  return { groundTruth: mapped(groundTruth), results: results && mapped(results) };
}

/** A label with a parent's name is dropped, unless other labels are mapped to it. */
function withoutParents({ parents = {}, ...map }: LabelMap, labels: readonly string[]): LabelMap {
  const made = new Set(Object.values(map.labels ?? {}));
  const above = Object.keys(parents).filter((label) => labels.includes(label) && !made.has(label));
  return { ...map, labels: { ...map.labels, ...Object.fromEntries(above.map((label) => [label, null])) } };
}

/** Old names, and those below parents that are neither parents nor new names. */
function namedIn({ labels = {}, parents = {} }: LabelMap): string[] {
  const made = new Set([...Object.values(labels), ...Object.keys(parents)]);
  const below = Object.values(parents).flat();
  return [...Object.keys(labels), ...below.filter((label) => !made.has(label))];
}

/**
 * Results of any form as a dataset.
 *
 * @throws SigboxError E_ARGUMENT  COCO results, which have no names of labels
 */
export function asDataset(results: ResultsInput): Dataset {
  if ('boxAreas' in results && results.idsAre === 'names') return datasetOfColumns(results);
  if ('labels' in results) return results;
  if (isDetections(results)) return datasetOfResults(results);
  const mend = 'Give the folder of the run, or annotations with scores.';
  const received = 'COCO results, which number them';
  throw complain('E_ARGUMENT', { where: '--map', expected: 'results with names of labels', received, mend });
}

function isDetections(results: ResultsInput): results is readonly DetectionResult[] {
  return Array.isArray(results) && !results.some((entry) => 'category_id' in entry);
}
