import type { AnnotatedImage, AnnotatedLabel, AnnotatedRegion } from '../types/annotations.js';

/** One label of a region, as formats hold it that know one label per box. */
export type Row = AnnotatedLabel & Omit<AnnotatedRegion, 'labels'>;

/** A region's labels one by one, in their order. */
export function rowsOf({ labels, ...place }: AnnotatedRegion): Row[] {
  return labels.map((label) => ({ ...place, ...label }));
}

/**
 * Regions from rows: neighbours with the same box and different labels are one region, as they are written. Rows of one
 * label keep their order, on which ties of scores are decided.
 */
export function joinRows(rows: Iterable<Row>): AnnotatedRegion[] {
  const regions: AnnotatedRegion[] = [];
  for (const { label, score, ...place } of rows) {
    const labelled: AnnotatedLabel = score === undefined ? { label } : { label, score };
    const last = regions.at(-1);
    if (last !== undefined && joins(labelled, place, last)) last.labels.push(labelled);
    else regions.push({ ...place, labels: [labelled] });
  }
  for (const { labels } of regions) if (labels.length > 1) labels.sort((a, b) => (b.score ?? 0) - (a.score ?? 0));
  return regions;
}

function joins({ label, score }: AnnotatedLabel, place: Omit<AnnotatedRegion, 'labels'>, region: AnnotatedRegion) {
  return (
    place.box.every((edge, i) => edge === region.box[i]) &&
    place.crowd === region.crowd &&
    place.difficult === region.difficult &&
    place.area === region.area &&
    region.labels.every((other) => other.label !== label && (other.score === undefined) === (score === undefined))
  );
}

/** The labels that occur, in alphabetical order by UTF-16 code unit: for formats without a list of them. */
export function sortedLabels(images: readonly AnnotatedImage[]): string[] {
  const labels = new Set<string>();
  for (const { regions } of images)
    for (const region of regions) for (const { label } of region.labels) labels.add(label);
  return [...labels].sort();
}
