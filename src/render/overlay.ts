import type { Box, Detection, DetectionResult } from '../types/detections.js';
import { labelColour, type Rgb, textColour } from './label-colour.js';
import { placeTags, type Size } from './place-tags.js';
import { escapeXml, FONT_FAMILY, shownText, textWidth } from './text.js';

/** Sizes in pixels, by the size of the picture, so that boxes read as well in a thumbnail as in a large photograph. */
interface Pen {
  fontSize: number;
  lineWidth: number;
  /** Longest label that is shown whole, letters. */
  letters: number;
}

/** One label as it is drawn: its text, its score and where they stand in the tag. */
interface Tag extends Size {
  label: string;
  score: string;
  scoreX: number;
  colour: Rgb;
}

const PADDING = 0.35; // beside the text, in font sizes
const GAP = 0.45; // between label and score, in font sizes
const TAG_HEIGHT = 1.4; // in font sizes
const BASELINE = 1.03; // from the tag's top, in font sizes

/** The boxes and tags of a result as an SVG of the picture's size: higher scores lie on top, every label has its tag. */
export async function overlay({ width, height, detections }: DetectionResult): Promise<string> {
  const pen = penFor({ width, height });
  const tags = await Promise.all(detections.map(({ labels }) => Promise.all(labels.map((label) => tagOf(label, pen)))));
  const rows = tags.map((row) => layOut(row, width));
  const sizes = rows.map((places) => sizeOf(places));
  const places = placeTags(
    detections.map(({ box }) => box.map(Math.round) as Box),
    sizes,
    { width, height },
  );
  const outlines = detections.map((detection) => outline(detection, pen)).reverse();
  const drawn = rows.map((row, i) => row.map(([x, y, tag]) => drawTag(tag, places[i]![0] + x, places[i]![1] + y, pen)));
  const texts = drawn.reverse().flat();
  const head = `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}">`;
  return `${head}${outlines.join('')}<g font-family="${FONT_FAMILY}" font-size="${pen.fontSize}">${texts.join('')}</g></svg>`;
}

function penFor({ width, height }: Size): Pen {
  const side = Math.sqrt(width * height);
  const fontSize = Math.max(9, Math.round(side * 0.016 + 4));
  const letters = Math.max(4, Math.floor((0.8 * width) / fontSize));
  return { fontSize, lineWidth: Math.max(1, Math.round(side / 320)), letters: Math.min(40, letters) };
}

async function tagOf({ label, score }: { label: string; score: number }, { fontSize, letters }: Pen): Promise<Tag> {
  const text = shownText(label, letters);
  const shownScore = score.toFixed(2);
  const scoreX = PADDING + (await textWidth(text)) + GAP;
  const width = Math.ceil((scoreX + (await textWidth(shownScore)) + PADDING) * fontSize);
  const height = Math.ceil(TAG_HEIGHT * fontSize);
  return { label: text, score: shownScore, scoreX: scoreX * fontSize, colour: labelColour(label), width, height };
}

/** Side by side where the picture is wide enough, else one below the other. */
function layOut(tags: Tag[], limit: number): [x: number, y: number, tag: Tag][] {
  const row = tags.reduce((sum, { width }) => sum + width, 0) <= limit;
  let at = 0;
  return tags.map((tag) => {
    const place: [number, number, Tag] = row ? [at, 0, tag] : [0, at, tag];
    at += row ? tag.width : tag.height;
    return place;
  });
}

function sizeOf(places: [x: number, y: number, tag: Tag][]): Size {
  return {
    width: Math.max(...places.map(([x, , tag]) => x + tag.width)),
    height: Math.max(...places.map(([, y, tag]) => y + tag.height)),
  };
}

/** The box in its label's colour, cased in the text's colour so that it shows on any background. */
function outline({ box, label }: Detection, { lineWidth }: Pen): string {
  const colour = labelColour(label);
  const [x1, y1, x2, y2] = inset(box.map(Math.round) as Box, lineWidth / 2);
  const rect = (stroke: Rgb, width: number, opacity: number) =>
    `<rect x="${px(x1)}" y="${px(y1)}" width="${px(x2 - x1)}" height="${px(y2 - y1)}" fill="none" ` +
    `stroke="${css(stroke)}" stroke-width="${px(width)}" stroke-opacity="${opacity}"/>`;
  return rect(textColour(colour), lineWidth * 2, 0.6) + rect(colour, lineWidth, 1);
}

/** Half a line's width inwards, so that lines along the picture's edge are not cut; boxes thinner than that stay. */
function inset([x1, y1, x2, y2]: Box, by: number): Box {
  const dx = Math.min(by, (x2 - x1) / 2);
  const dy = Math.min(by, (y2 - y1) / 2);
  return [x1 + dx, y1 + dy, x2 - dx, y2 - dy];
}

function drawTag(
  { label, score, scoreX, colour, width, height }: Tag,
  x: number,
  y: number,
  { fontSize }: Pen,
): string {
  const fill = css(textColour(colour));
  const text = (left: number, content: string, opacity: number) =>
    `<text x="${px(left)}" y="${px(y + BASELINE * fontSize)}" fill="${fill}" fill-opacity="${opacity}">${escapeXml(content)}</text>`;
  return (
    `<rect x="${px(x)}" y="${px(y)}" width="${px(width)}" height="${px(height)}" fill="${css(colour)}"/>` +
    text(x + PADDING * fontSize, label, 1) +
    text(x + scoreX, score, 1)
  );
}

function css([r, g, b]: Rgb): string {
  return `rgb(${r},${g},${b})`;
}

function px(value: number): string {
  return value.toFixed(2);
}
