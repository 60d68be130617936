import type { Box } from '../types/detections.js';
import {
  type Drawable,
  type DrawableRegion,
  type DrawStyle,
  lineWidthFor,
  type Pen,
  penFor,
  type Size,
} from './draw-style.js';
import { boxColour, labelColour, type Rgb, textColour } from './label-colour.js';
import { legend } from './legend.js';
import { type Place, placeTags } from './place-tags.js';
import { css, px } from './svg.js';
import { drawTag, type TagRow, tagRow } from './tags.js';
import { FONT_FAMILY } from './text.js';

/** A detection with the colour that it is drawn in; null: it is not highlighted. */
interface Drawn {
  detection: DrawableRegion;
  box: Box;
  colour: Rgb | null;
}

const GREY: Rgb = [150, 150, 150];

/**
 * The boxes and tags of a result as an SVG of the picture's size: higher scores lie on top. Tags that would cover others, or
 * small boxes, are left out; then small boxes are filled faintly, and a legend says what their colours are.
 */
export async function overlay({ width, height, detections }: Drawable, style: DrawStyle = {}): Promise<string> {
  const picture = { width, height };
  const boxes = detections.map(({ box }) => box.map(Math.round) as Box);
  const pen = penFor(picture, boxes, style);
  const drawn = detections.map((detection, i): Drawn => {
    return {
      detection,
      box: boxes[i]!,
      colour: isHighlighted(detection, style) ? colourOf(detection, i, style) : null,
    };
  });
  const rows = await tagRows(drawn, { picture, pen, style });
  const places = placeTags(boxes, rows, picture);
  const isCrowd = rows.some((row, i) => row !== null && places[i] === null);
  const outlines = drawn.map((each) => outline(each, { pen, picture, filled: isCrowd })).reverse();
  const tags = rows
    .map((row, i) => (row === null || places[i] === null ? '' : drawRow(row, places[i]!, pen)))
    .reverse();
  const key = isCrowd ? await legendFor(drawn, { boxes, places, picture, pen, style }) : '';
  const head = `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}">`;
  const texts = `<g font-family="${FONT_FAMILY}" font-size="${pen.fontSize}">${tags.join('')}${key}</g>`;
  return `${head}${outlines.join('')}${texts}</svg>`;
}

function isHighlighted({ labels }: DrawableRegion, { highlight }: DrawStyle): boolean {
  return highlight === undefined || labels.some(({ label }) => highlight.includes(label));
}

function colourOf({ labels }: DrawableRegion, i: number, { colourBy }: DrawStyle): Rgb {
  return colourBy === 'box' ? boxColour(i) : labelColour(labels[0]!.label);
}

interface Scene {
  picture: Size;
  pen: Pen;
  style: DrawStyle;
}

async function tagRows(drawn: readonly Drawn[], { picture, pen, style }: Scene): Promise<(TagRow | null)[]> {
  if (style.tags === false) return drawn.map(() => null);
  const rowOf = ({ detection: { labels }, colour }: Drawn) => {
    if (colour === null) return null;
    const tint = style.colourBy === 'box' ? () => colour : labelColour;
    return tagRow(labels, tint, { pen, style, limit: picture.width });
  };
  return Promise.all(drawn.map(rowOf));
}

/**
 * The box in its colour, cased in the text's colour so that it shows on any background. Around a small thing the line lies
 * outside, so that nothing of it is hidden.
 */
function outline(
  { box, colour, detection: { crowd } }: Drawn,
  { pen, picture, filled }: Pick<Scene, 'pen' | 'picture'> & { filled: boolean },
): string {
  const line = colour === null ? 1 : lineWidthFor(box, pen);
  const isSmall = Math.min(box[2] - box[0], box[3] - box[1]) < 12 * pen.lineWidth;
  const [x1, y1, x2, y2] = isSmall ? outset(box, line / 2, picture) : inset(box, line / 2);
  const rect = (stroke: Rgb, width: number, opacity: number, fill = 'none') =>
    `<rect x="${px(x1)}" y="${px(y1)}" width="${px(x2 - x1)}" height="${px(y2 - y1)}" fill="${fill}" fill-opacity="0.18" ` +
    `stroke="${css(stroke)}" stroke-width="${px(width)}" stroke-opacity="${opacity}"/>`;
  if (colour === null) return rect(GREY, line, 0.8);
  const casing = isSmall ? line + 1 : line * 2;
  return (
    rect(textColour(colour), casing, 0.6) +
    rect(colour, line, 1, crowd === true || (filled && isSmall) ? css(colour) : 'none')
  );
}

/** Half a line's width inwards, so that lines along the picture's edge are not cut; boxes thinner than that stay. */
function inset([x1, y1, x2, y2]: Box, by: number): Box {
  const dx = Math.min(by, (x2 - x1) / 2);
  const dy = Math.min(by, (y2 - y1) / 2);
  return [x1 + dx, y1 + dy, x2 - dx, y2 - dy];
}

/** Half a line's width outwards, as far as the picture goes. */
function outset([x1, y1, x2, y2]: Box, by: number, { width, height }: Size): Box {
  return [Math.max(by, x1 - by), Math.max(by, y1 - by), Math.min(width - by, x2 + by), Math.min(height - by, y2 + by)];
}

function drawRow({ tags }: TagRow, { box: [left, top], leader }: Place, { fontSize, lineWidth }: Pen): string {
  const colour = tags[0]!.tag.colour;
  const line = (stroke: Rgb, width: number, [x1, y1, x2, y2]: NonNullable<Place['leader']>) =>
    `<line x1="${px(x1)}" y1="${px(y1)}" x2="${px(x2)}" y2="${px(y2)}" stroke="${css(stroke)}" stroke-width="${px(width)}"/>`;
  const thin = Math.max(1, lineWidth / 2);
  const leads = leader === null ? '' : line(textColour(colour), thin + 1, leader) + line(colour, thin, leader);
  return leads + tags.map(({ x, y, tag }) => drawTag(tag, left + x, top + y, fontSize)).join('');
}

async function legendFor(
  drawn: readonly Drawn[],
  { boxes, places, picture, pen, style }: Scene & { boxes: readonly Box[]; places: readonly (Place | null)[] },
): Promise<string> {
  const counts = new Map<string, number>();
  for (const { detection, colour } of drawn) {
    if (colour !== null) for (const { label } of detection.labels) counts.set(label, (counts.get(label) ?? 0) + 1);
  }
  const tint = style.colourBy === 'box' ? () => GREY : labelColour;
  const entries = [...counts].map(([label, count]) => ({ label, count, colour: tint(label) }));
  const tags = places.flatMap((place) => (place === null ? [] : [place.box]));
  return legend(entries, { picture, fontSize: pen.fontSize, boxes, tags });
}
