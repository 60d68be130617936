import { complain } from '../../errors.js';
import type { AnnotatedImage, AnnotatedRegion, Dataset } from '../../types/annotations.js';
import type { BoxTable } from '../matching/tables.js';
import {
  emptyGroundTruths,
  type Federated,
  type GroundTruthImage,
  type GroundTruthSet,
  implausibleBoxes,
} from './ground-truth-set.js';

/**
 * Ground truth of a dataset. A region with several labels is a ground truth for each.
 *
 * @throws SigboxError E_ARGUMENT  no images, a label that the dataset does not list, a box that is not four numbers
 */
export function datasetGroundTruth(dataset: Dataset): GroundTruthSet {
  const given = inOrderOfIds(dataset.images);
  if (given.length === 0) throw complain('E_ARGUMENT', { where: 'ground truth', expected: 'images', received: 'none' });
  const { labels, categoryIds } = labelsInOrder(dataset);
  const classOf = classesOf(labels);
  const table = emptyGroundTruths(countLabels(given));
  let n = 0;
  for (const [image, { regions, image: name }] of given.entries()) {
    for (const region of regions) {
      for (const { label } of region.labels) {
        table.images[n] = image;
        table.classIds[n] = classOf(label, `ground truth: ${name}`);
        writeRegion(region, table, n, `ground truth: ${name}`);
        table.areas[n] = region.area ?? table.boxAreas[n]!;
        table.crowds[n] = region.crowd === true ? 1 : 0;
        table.difficult[n] = region.difficult === true ? 1 : 0;
        n++;
      }
    }
  }
  const images = given.map(({ image, id, width, height, verified }): GroundTruthImage => {
    return { name: image, id: id ?? null, width, height, ...(verified !== undefined && { verified }) };
  });
  const size = { images: images.length, classes: labels.length };
  const federated = federatedOf(given, dataset, labels);
  return { table, size, labels, categoryIds, images, federated, warnings: implausibleBoxes(table, { images }) };
}

/** Writes a region's box and the area of its box. */
export function writeRegion({ box, size }: AnnotatedRegion, table: BoxTable, row: number, where: string): void {
  if (!Array.isArray(box) || box.length !== 4 || !box.every(Number.isFinite)) {
    throw complain('E_ARGUMENT', { where, expected: 'a box of four numbers', received: box });
  }
  table.boxes.set(box, 4 * row);
  table.boxAreas[row] = size === undefined ? (box[2] - box[0]) * (box[3] - box[1]) : size[0] * size[1];
}

export function countLabels(images: readonly { regions: readonly AnnotatedRegion[] }[]): number {
  return images.reduce((sum, { regions }) => regions.reduce((count, { labels }) => count + labels.length, sum), 0);
}

/** By id where every image has one, else as given. */
function inOrderOfIds(images: readonly AnnotatedImage[]): readonly AnnotatedImage[] {
  return images.every(({ id }) => id !== undefined) ? [...images].sort((a, b) => a.id! - b.id!) : images;
}

/** By category id where there are some, else as given. */
function labelsInOrder({ labels, categoryIds }: Dataset): Pick<GroundTruthSet, 'labels' | 'categoryIds'> {
  if (categoryIds === undefined) return { labels, categoryIds: null };
  const order = labels.map((_, i) => i).sort((a, b) => categoryIds[a]! - categoryIds[b]!);
  return { labels: order.map((i) => labels[i]!), categoryIds: order.map((i) => categoryIds[i]!) };
}

function classesOf(labels: readonly string[]): (label: string, where: string) => number {
  const classes = new Map(labels.map((label, classId) => [label, classId]));
  return (label, where) => {
    const classId = classes.get(label);
    if (classId !== undefined) return classId;
    throw complain('E_ARGUMENT', { where, expected: 'a label that the dataset lists', received: label });
  };
}

function federatedOf(images: readonly AnnotatedImage[], dataset: Dataset, labels: readonly string[]): Federated | null {
  if (!images.some(({ absent, incomplete }) => absent ?? incomplete)) return null;
  const classOf = classesOf(labels);
  const setsOf = (field: 'absent' | 'incomplete') =>
    images.map((image) => new Set(image[field]?.map((label) => classOf(label, `ground truth: ${image.image}`))));
  const frequencies = labels.map((label) => dataset.frequencies?.[dataset.labels.indexOf(label)] ?? null);
  return { absent: setsOf('absent'), incomplete: setsOf('incomplete'), frequencies };
}
