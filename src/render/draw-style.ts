import { type OptionsOf, option } from '../check/option.js';
import { oneOf } from '../check/shapes.js';
import { flag, labels, positive } from '../check/words.js';
import type { Box } from '../types/detections.js';

/** How detections are drawn. */
export const STYLE_OPTIONS = {
  /** What has a colour of its own: each label, or each box, so that neighbours of one label are told apart. Default 'label' */
  colourBy: option(oneOf('label', 'box'), {
    default: 'label',
    words: {
      'colour-by': {
        form: 'text',
        choices: ['label', 'box'],
        also: 'color-by',
        help: 'What has a colour of its own in pictures; box tells neighbours of one label apart',
      },
    },
  }),
  /** Width of outlines, pixels of the drawn picture. Default: by picture and box */
  lineWidth: option(positive, {
    words: { 'line-width': { form: 'number', help: 'Width of outlines, pixels', otherwise: 'by picture and box' } },
  }),
  /** Size of the tags' letters, pixels of the drawn picture. Default: by picture, smaller where most boxes are small */
  fontSize: option(positive, {
    words: { 'font-size': { form: 'number', help: 'Size of the tags’ letters, pixels', otherwise: 'by picture' } },
  }),
  /** Give boxes tags with their labels. Default true */
  tags: option(flag, {
    default: true,
    words: { tags: { form: 'switch', help: 'Don’t write labels into pictures' } },
  }),
  /** Show scores in tags. Default true */
  tagScores: option(flag, {
    default: true,
    words: { 'tag-scores': { form: 'switch', help: 'Don’t write scores into pictures' } },
  }),
  /** Draw only these labels in colour, with tags; others are thin and grey. Default: all */
  highlight: option(labels, {
    words: {
      highlight: {
        form: 'list',
        completes: 'labels',
        help: 'Draw only these labels in colour, others thin and grey',
        otherwise: 'all',
      },
    },
  }),
};

export type DrawStyle = {
  [Name in keyof OptionsOf<typeof STYLE_OPTIONS>]?: OptionsOf<typeof STYLE_OPTIONS>[Name] | undefined;
};

/** A region as it is drawn: a detection, or one of annotations. */
export interface DrawableRegion {
  box: Box;
  /** At least one; the first one gives the box its colour. Labels without a score are written without one. */
  labels: readonly { label: string; score?: number }[];
  /** Many things in one box (COCO's iscrowd, Open Images' group-of): the box is filled faintly. Default false */
  crowd?: boolean;
}

/** What is drawn into a picture. */
export interface Drawable extends Size {
  detections: readonly DrawableRegion[];
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
