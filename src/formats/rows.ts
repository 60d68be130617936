import type { AnnotatedImage, AnnotatedLabel, AnnotatedRegion } from '../types/annotations.js';

/** One label of a region, as formats hold it that know one label per box. */
export type Row = AnnotatedLabel & Omit<AnnotatedRegion, 'labels'>;

/** A region's labels one by one, in their order. */
export function rowsOf({ labels, ...place }: AnnotatedRegion): Row[] {
  return labels.map((label) => ({ ...place, ...label }));
}

/**
 * Regions from rows: rows with the same box, the same marks and different labels are one region, wherever they stand. A label
 * that stands there twice begins a second region, and rows join the later one. A region stands where its first row does.
 *
 * Rows of one label with scores keep their order, on which ties of scores are decided: where joining would change it, a row
 * stays a region of its own.
 */
export function joinRows(rows: Iterable<Row>): AnnotatedRegion[] {
  const regions: AnnotatedRegion[] = [];
  const byEdge = new Map<number, number[]>(); // x1 → numbers of regions
  const lastOf = new Map<string, number>(); // label → number of the last region with it
  for (const { label, score, ...place } of rows) {
    const labelled: AnnotatedLabel = score === undefined ? { label } : { label, score };
    const near = byEdge.get(place.box[0]) ?? [];
    const from = score === undefined ? 0 : (lastOf.get(label) ?? 0);
    const joined = near.findLast((number) => joins(labelled, place, regions[number]!));
    const isJoined = joined !== undefined && joined >= from;
    const number = isJoined ? joined : regions.length;
    if (isJoined) regions[number]!.labels.push(labelled);
    else {
      regions.push({ ...place, labels: [labelled] });
      near.push(number);
      byEdge.set(place.box[0], near);
    }
    lastOf.set(label, number);
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
