import type { Box } from '../types/detections.js';

export interface Size {
  width: number;
  height: number;
}

/**
 * Finds a place for the tags of each box: beside or inside the box, inside the picture, off the tags placed before.
 *
 * Of the places above, below and inside each box the first free one is taken, else the one that covers the least of
 * other tags.
 *
 * @param boxes    in the order of importance; pixels
 * @param tags     size of each box's tags together, pixels
 * @param picture  every place lies inside, as far as the tags are no larger
 * @returns the place of each box's tags, in the order of the boxes
 */
export function placeTags(boxes: readonly Box[], tags: readonly Size[], picture: Size): Box[] {
  const placed: Box[] = [];
  for (const [i, box] of boxes.entries()) {
    let best: Box | null = null;
    let least = Number.POSITIVE_INFINITY;
    for (const place of placesFor(box, tags[i]!, picture)) {
      const covered = placed.reduce((sum, other) => sum + sharedArea(place, other), 0);
      if (covered >= least) continue;
      best = place;
      least = covered;
      if (covered === 0) break;
    }
    placed.push(best!);
  }
  return placed;
}

function placesFor([x1, y1, x2, y2]: Box, { width, height }: Size, picture: Size): Box[] {
  const at = (x: number, y: number): Box => {
    const left = Math.max(0, Math.min(x, picture.width - width));
    const top = Math.max(0, Math.min(y, picture.height - height));
    return [left, top, left + width, top + height];
  };
  const above = y1 - height;
  const places = [
    at(x1, y2),
    at(x2 - width, y2),
    at(x1, y2 - height),
    at(x2 - width, y1),
    at(x2, y1),
    at(x1 - width, y1),
  ];
  // A box at the top edge has no room above it: inside is better than pushed over its own edge.
  return above >= 0 ? [at(x1, above), at(x2 - width, above), at(x1, y1), ...places] : [at(x1, y1), ...places];
}

function sharedArea(a: Box, b: Box): number {
  const width = Math.min(a[2], b[2]) - Math.max(a[0], b[0]);
  const height = Math.min(a[3], b[3]) - Math.max(a[1], b[1]);
  return width > 0 && height > 0 ? width * height : 0;
}
