import type { Box } from '../types/detections.js';

/** How detections are drawn. */
export interface DrawStyle {
  /** What has a colour of its own: each label, or each box, so that neighbours of one label are told apart. Default 'label' */
  colourBy?: 'label' | 'box' | undefined;
  /** Of outlines, pixels of the drawn picture. Default: by picture and box */
  lineWidth?: number | undefined;
  /** Of tags, pixels of the drawn picture. Default: by picture, smaller where most boxes are small */
  fontSize?: number | undefined;
  /** Whether tags show scores. Default true */
  scores?: boolean | undefined;
  /** Whether boxes have tags. Default true */
  labels?: boolean | undefined;
  /** Only these labels are drawn in colour, with tags; others in thin grey. Default: all */
  highlight?: readonly string[] | undefined;
}

export interface Size {
  width: number;
  height: number;
}

/** Sizes in pixels, by the size of the picture, so that boxes read as well in a thumbnail as in a large photograph. */
export interface Pen {
  fontSize: number;
  /** The outline of a large box. */
  lineWidth: number;
  /** Longest label that is shown whole, letters. */
  letters: number;
}

const SMALLEST_FONT = 9; // pixels; below, letters run together

export function penFor(picture: Size, boxes: readonly Box[], { lineWidth, fontSize }: DrawStyle): Pen {
  const side = Math.sqrt(picture.width * picture.height);
  const usual = side * 0.016 + 4;
  // Where most boxes are smaller than four lines of text, tags of the usual size would hide the picture.
  const crowded = Math.min(1, Math.max(0.6, medianSide(boxes) / (4 * usual)));
  const font = fontSize ?? Math.max(SMALLEST_FONT, Math.round(usual * crowded));
  const letters = Math.max(4, Math.floor((0.8 * picture.width) / font));
  return {
    fontSize: font,
    lineWidth: lineWidth ?? Math.max(1, Math.round(side / 320)),
    letters: Math.min(40, letters),
  };
}

/** The outline of a box: thinner where a line of the usual width would fill a good part of it. */
export function lineWidthFor([x1, y1, x2, y2]: Box, { lineWidth }: Pen): number {
  const side = Math.min(x2 - x1, y2 - y1);
  const thinnest = Math.max(1, Math.round(lineWidth / 2));
  return Math.max(thinnest, Math.min(lineWidth, Math.round(side / 12)));
}

function medianSide(boxes: readonly Box[]): number {
  const sides = boxes.map(([x1, y1, x2, y2]) => Math.sqrt((x2 - x1) * (y2 - y1))).sort((a, b) => a - b);
  return sides[sides.length >> 1] ?? Number.POSITIVE_INFINITY;
}
