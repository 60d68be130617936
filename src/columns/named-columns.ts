import type { Dataset } from '../types/annotations.js';
import type { Box } from '../types/detections.js';
import type { BoxColumns } from './box-columns.js';
import type { CocoFile } from './coco-file.js';

/** The annotations of a COCO file by names of images and labels; where there is no name, by id. Shares its memory. */
export function namedColumns({ images, categories, annotations }: CocoFile): BoxColumns {
  const imageNames = new Map(images.map(({ id, name }) => [id, name ?? String(id)]));
  const labels = new Map(categories.map(({ id, name }) => [id, name]));
  const known = new Set(annotations.imageIds);
  const bare = images.filter(({ id }) => !known.has(id));
  return {
    ...annotations,
    idsAre: 'names',
    imageIds: [...annotations.imageIds, ...bare.map(({ id }) => id)].map((id) => imageNames.get(id) ?? String(id)),
    categoryIds: annotations.categoryIds.map((id) => labels.get(id) ?? String(id)),
  };
}

/** Columns with names as a dataset; a region for each row. Sizes of images are not known. */
export function datasetOfColumns(columns: BoxColumns): Dataset {
  const images = columns.imageIds.map((name) => ({
    ...{ image: String(name), width: 0, height: 0 },
    regions: [] as Dataset['images'][number]['regions'],
  }));
  const labels = columns.categoryIds.map(String);
  for (let row = 0; row < columns.count; row++) {
    const box = [...columns.boxes.subarray(4 * row, 4 * row + 4)] as Box;
    const label = { label: labels[columns.categories[row]!]!, score: columns.scores[row]! };
    images[columns.images[row]!]!.regions.push({ box, labels: [label] });
  }
  return { labels: [...new Set(labels)], images };
}
