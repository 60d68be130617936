import type { Box } from '../types/detections.js';
import type { Size } from './draw-style.js';
import type { Rgb } from './label-colour.js';
import { sharedArea } from './place-tags.js';
import { drawTag, type Tag, textTag } from './tags.js';
import { shownText } from './text.js';

/** A label, in how many boxes it is. */
export interface LegendEntry {
  label: string;
  count: number;
  colour: Rgb;
}

const MOST_ENTRIES = 12;

/**
 * Labels with their colours and counts, in the corner where they hide least: for pictures in which not every box has a tag.
 *
 * @param scene.tags  where tags lie: hiding one is worse than hiding a part of a box
 */
export async function legend(
  entries: readonly LegendEntry[],
  scene: { picture: Size; fontSize: number; boxes: readonly Box[]; tags: readonly Box[] },
): Promise<string> {
  const { picture, fontSize } = scene;
  const shown = [...entries].sort((a, b) => b.count - a.count).slice(0, MOST_ENTRIES);
  const tags = await Promise.all(
    shown.map(({ label, count, colour }) => textTag([shownText(label, 24), `× ${count}`], colour, fontSize)),
  );
  const fitting = fittingTags(tags, picture);
  if (fitting.length === 0) return '';
  const width = Math.max(...fitting.map((tag) => tag.width));
  const height = fitting.reduce((sum, tag) => sum + tag.height, 0);
  const [left, top] = emptiestCorner({ width, height }, scene);
  let at = top;
  return fitting
    .map((tag) => {
      const drawn = drawTag({ ...tag, width }, left, at, fontSize);
      at += tag.height;
      return drawn;
    })
    .join('');
}

/** As many as take up at most half of the picture's height. */
function fittingTags(tags: readonly Tag[], { width, height }: Size): Tag[] {
  let room = height / 2;
  return tags.filter((tag) => {
    room -= tag.height;
    return room >= 0 && tag.width <= width;
  });
}

function emptiestCorner(
  { width, height }: Size,
  { picture, boxes, tags }: { picture: Size; boxes: readonly Box[]; tags: readonly Box[] },
): [x: number, y: number] {
  const corners: [number, number][] = [
    [0, picture.height - height],
    [picture.width - width, picture.height - height],
    [0, 0],
    [picture.width - width, 0],
  ];
  const hidden = corners.map(([x, y]) => {
    const shared = (all: readonly Box[]) =>
      all.reduce((sum, box) => sum + sharedArea([x, y, x + width, y + height], box), 0);
    return shared(boxes) + 100 * shared(tags);
  });
  return corners[hidden.indexOf(Math.min(...hidden))]!;
}
