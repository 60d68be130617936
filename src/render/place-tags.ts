import type { Box } from '../types/detections.js';
import type { Size } from './draw-style.js';

/** Where a tag lies. */
export interface Place {
  box: Box;
  /** A line from the tag to its box, where it does not touch it. */
  leader: [x1: number, y1: number, x2: number, y2: number] | null;
}

/** Of so many boxes at most tags are placed: more can't be read anyway. */
const MOST_TAGS = 400;
/** From so many boxes on a picture is a crowd: a tag that hides its neighbours does more harm than good. */
const CROWD = 20;
/** A tag may hide this much of small things, as a share of its own area: in a crowd, and elsewhere. */
const MOST_HIDDEN = { crowd: 0.1, other: 0.5 };
/** Boxes up to so many tags in area are things that a tag would hide. */
const SMALL = 8;

/**
 * Finds a place for the tags of each box: beside or inside the box, or at a little distance with a line that leads to it;
 * inside the picture, never on tags that were placed before, and as little as possible on small boxes.
 *
 * @param boxes    whole pixels, most important first
 * @param tags     sizes of their tags; null: none
 * @param picture  in which all boxes lie
 * @returns the place of each box's tags, in the order of the boxes; null where there is none
 */
export function placeTags(boxes: readonly Box[], tags: readonly (Size | null)[], picture: Size): (Place | null)[] {
  const placed: Box[] = [];
  return boxes.map((box, i) => {
    const tag = tags[i];
    if (tag === null || tag === undefined || i >= MOST_TAGS) return null;
    const best = bestPlace(box, tag, { picture, placed, boxes });
    if (best !== null) placed.push(best.box);
    return best;
  });
}

interface Scene {
  picture: Size;
  placed: readonly Box[];
  boxes: readonly Box[];
}

function bestPlace(box: Box, tag: Size, scene: Scene): Place | null {
  const area = tag.width * tag.height;
  const isCrowd = scene.boxes.length >= CROWD;
  let best: Place | null = null;
  let least = Number.POSITIVE_INFINITY;
  for (const [rank, place] of candidates(box, tag, scene.picture).entries()) {
    const preference = (rank * area) / 100;
    if (preference >= least) break; // those behind it are no better
    if (scene.placed.some((other) => sharedArea(place, other) > 0)) continue;
    const hidden = hiddenBy(place, box, area, scene.boxes);
    const leader = leaderBetween(place, box);
    if (leader !== null && scene.placed.some((other) => crosses(leader, other))) continue;
    if (leader !== null && isCrowd && scene.boxes.some((other) => other !== box && crosses(leader, other))) continue;
    const distance = leader === null ? 0 : Math.hypot(leader[2] - leader[0], leader[3] - leader[1]) * tag.height;
    const cost = hidden + preference + distance / 4;
    const most = isCrowd ? MOST_HIDDEN.crowd : MOST_HIDDEN.other;
    if (cost >= least || (scene.boxes.length > SMALL && hidden > most * area)) continue;
    best = { box: place, leader };
    least = cost;
  }
  return best;
}

/** Beside and inside the box, then at growing distances around it; the usual ones first. */
function candidates(box: Box, tag: Size, picture: Size): Box[] {
  const [x1, y1, x2, y2] = box;
  const { width, height } = tag;
  const at = (x: number, y: number): Box => {
    const left = Math.max(0, Math.min(x, picture.width - width));
    const top = Math.max(0, Math.min(y, picture.height - height));
    return [left, top, left + width, top + height];
  };
  const above = y1 - height;
  const inside = [at(x1, y1), at(x2 - width, y1), at(x1, y2 - height)];
  const beside = [at(x1, y2), at(x2 - width, y2), at(x2, y1), at(x1 - width, y1), at(x2, y2 - height)];
  // A box at the top edge has no room above it: inside is better than pushed over its own edge.
  const near = above >= 0 ? [at(x1, above), at(x2 - width, above), ...inside, ...beside] : [...inside, ...beside];
  const middle = (x1 + x2 - width) / 2;
  const far = [1, 2, 3].flatMap((step) => {
    const gap = step * height;
    return [
      at(middle, above - gap),
      at(middle, y2 + gap),
      at(x2 + gap, above),
      at(x1 - width - gap, above),
      at(x2 + gap, y2),
      at(x1 - width - gap, y2),
      at(x2 + gap, (y1 + y2 - height) / 2),
      at(x1 - width - gap, (y1 + y2 - height) / 2),
    ];
  });
  return [...near, ...far];
}

/** Pixels of things that a tag would hide: of small ones all, of large ones a part; the box's own count as well. */
function hiddenBy(place: Box, own: Box, tagArea: number, boxes: readonly Box[]): number {
  let hidden = 0;
  for (const box of boxes) {
    const shared = sharedArea(place, box);
    if (shared === 0) continue;
    const isSmall = (box[2] - box[0]) * (box[3] - box[1]) < SMALL * tagArea;
    hidden += shared * (isSmall ? 1 : box === own ? 0.01 : 0.02);
  }
  return hidden;
}

/** The shortest line between a tag and its box; null where they touch. */
function leaderBetween(tag: Box, box: Box): Place['leader'] {
  const [fromX, toX] = nearest(tag[0], tag[2], box[0], box[2]);
  const [fromY, toY] = nearest(tag[1], tag[3], box[1], box[3]);
  return fromX === toX && fromY === toY ? null : [fromX, fromY, toX, toY];
}

/** The nearest points of two ranges; the middle of what they share, which is one point. */
function nearest(a1: number, a2: number, b1: number, b2: number): [a: number, b: number] {
  if (a2 < b1) return [a2, b1];
  if (b2 < a1) return [a1, b2];
  const middle = (Math.max(a1, b1) + Math.min(a2, b2)) / 2;
  return [middle, middle];
}

function crosses([x1, y1, x2, y2]: NonNullable<Place['leader']>, [left, top, right, bottom]: Box): boolean {
  return [0.2, 0.4, 0.6, 0.8].some((share) => {
    const [x, y] = [x1 + share * (x2 - x1), y1 + share * (y2 - y1)];
    return x > left && x < right && y > top && y < bottom;
  });
}

export function sharedArea(a: Box, b: Box): number {
  const width = Math.min(a[2], b[2]) - Math.max(a[0], b[0]);
  const height = Math.min(a[3], b[3]) - Math.max(a[1], b[1]);
  return width > 0 && height > 0 ? width * height : 0;
}
