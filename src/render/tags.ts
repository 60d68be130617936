import type { DrawableRegion, DrawStyle, Pen, Size } from './draw-style.js';
import { type Rgb, textColour } from './label-colour.js';
import { css, px, textElement } from './svg.js';
import { shownText, textWidth } from './text.js';

/** One label as it is drawn: its text, its score and where they stand in the tag. */
export interface Tag extends Size {
  texts: { left: number; text: string }[];
  colour: Rgb;
}

/** The tags of one box, in a row or one below the other. */
export interface TagRow extends Size {
  tags: { x: number; y: number; tag: Tag }[];
}

const PADDING = 0.35; // beside the text, in font sizes
const GAP = 0.45; // between label and score, in font sizes
const TAG_HEIGHT = 1.4; // in font sizes
const BASELINE = 1.03; // from the tag's top, in font sizes

/** @param limit  side by side where they are no wider than this, else one below the other */
export async function tagRow(
  labels: DrawableRegion['labels'],
  colourOf: (label: string) => Rgb,
  { pen, style, limit }: { pen: Pen; style: DrawStyle; limit: number },
): Promise<TagRow> {
  const tags = await Promise.all(labels.map((each) => tagOf(each, colourOf(each.label), pen, style)));
  const inRow = tags.reduce((sum, { width }) => sum + width, 0) <= limit;
  let at = 0;
  const laid = tags.map((tag) => {
    const place = inRow ? { x: at, y: 0, tag } : { x: 0, y: at, tag };
    at += inRow ? tag.width : tag.height;
    return place;
  });
  return {
    tags: laid,
    width: Math.max(...laid.map(({ x, tag }) => x + tag.width)),
    height: Math.max(...laid.map(({ y, tag }) => y + tag.height)),
  };
}

async function tagOf(
  { label, score }: DrawableRegion['labels'][number],
  colour: Rgb,
  pen: Pen,
  { tagScores = true }: DrawStyle,
): Promise<Tag> {
  const texts = [shownText(label, pen.letters), ...(tagScores && score !== undefined ? [score.toFixed(2)] : [])];
  return textTag(texts, colour, pen.fontSize);
}

/** A tag with texts side by side. */
export async function textTag(texts: readonly string[], colour: Rgb, fontSize: number): Promise<Tag> {
  let at = PADDING;
  const laid: Tag['texts'] = [];
  for (const text of texts) {
    laid.push({ left: at * fontSize, text });
    at += (await textWidth(text)) + GAP;
  }
  const width = Math.ceil((at - GAP + PADDING) * fontSize);
  return { texts: laid, colour, width, height: Math.ceil(TAG_HEIGHT * fontSize) };
}

export function drawTag({ texts, colour, width, height }: Tag, x: number, y: number, fontSize: number): string {
  const fill = css(textColour(colour));
  const rect = `<rect x="${px(x)}" y="${px(y)}" width="${px(width)}" height="${px(height)}" fill="${css(colour)}"/>`;
  return rect + texts.map(({ left, text }) => textElement(text, x + left, y + BASELINE * fontSize, fill)).join('');
}
