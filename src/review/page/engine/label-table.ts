import { shortestFloat32 } from '../../../text/json-number.js';
import type { Detection } from '../../../types/detections.js';

/** The labels of regions of consecutive images as columns, in the order in which they were found. */
export interface LabelTable {
  /** [images + 1] where the labels of each image begin */
  starts: Uint32Array;
  /** [n] number of the region in its image */
  regions: Uint32Array;
  /** [n] */
  classIds: Uint16Array;
  /** [n] */
  scores: Float64Array;
  /** [n, 4] xyxy, image pixels */
  boxes: Float64Array;
}

/** Numbers are those that a record has, and so those that are evaluated. */
export function labelTable(images: readonly (readonly Detection[])[]): LabelTable {
  const n = images.reduce((sum, regions) => regions.reduce((count, { labels }) => count + labels.length, sum), 0);
  const table = emptyTable(images.length, n);
  let at = 0;
  for (let image = 0; image < images.length; image++) {
    const regions = images[image]!;
    for (let region = 0; region < regions.length; region++) {
      const { box, labels } = regions[region]!;
      for (const { classId, score } of labels) {
        table.regions[at] = region;
        table.classIds[at] = classId;
        table.scores[at] = shortestFloat32(score);
        for (let side = 0; side < 4; side++) table.boxes[4 * at + side] = shortestFloat32(box[side]!);
        at++;
      }
    }
    table.starts[image + 1] = at;
  }
  return table;
}

/** Tables one behind the other. */
export function joinTables(tables: readonly LabelTable[]): LabelTable {
  const images = tables.reduce((sum, { starts }) => sum + starts.length - 1, 0);
  const n = tables.reduce((sum, { scores }) => sum + scores.length, 0);
  const joined = emptyTable(images, n);
  let [image, at] = [0, 0];
  for (const { starts, regions, classIds, scores, boxes } of tables) {
    for (let i = 1; i < starts.length; i++) joined.starts[image + i] = at + starts[i]!;
    joined.regions.set(regions, at);
    joined.classIds.set(classIds, at);
    joined.scores.set(scores, at);
    joined.boxes.set(boxes, 4 * at);
    image += starts.length - 1;
    at += scores.length;
  }
  return joined;
}

function emptyTable(images: number, n: number): LabelTable {
  return {
    starts: new Uint32Array(images + 1),
    regions: new Uint32Array(n),
    classIds: new Uint16Array(n),
    scores: new Float64Array(n),
    boxes: new Float64Array(4 * n),
  };
}

/** [labels] from which score a label of each class is visible; scores are compared as float32, which they are by origin. */
export function visibleFrom(
  labels: readonly (string | null)[],
  { scoreThreshold, labelThresholds }: { scoreThreshold: number; labelThresholds: Record<string, number> },
): Float64Array {
  return Float64Array.from(labels, (label) =>
    label === null ? scoreThreshold : (labelThresholds[label] ?? scoreThreshold),
  );
}
