/** Pictures, and where they lie in a model’s input. */

import { type Infer, oneOf, optional, strictObject } from '../check/shapes.js';
import { count, finite, positive } from '../check/words.js';

/** Uncompressed 8-bit pixels, rows from top to bottom, channels interleaved. */
export interface RawPixels {
  /** [height, width, channels] */
  data: Uint8Array | Uint8ClampedArray;
  width: number;
  height: number;
  /** 1 grey, 2 grey and alpha, 3 RGB, 4 RGBA (alpha not premultiplied). */
  channels: 1 | 2 | 3 | 4;
}

/**
 * How an image is brought into a model's input. 'stretch' fills it and changes the aspect. 'letterbox' keeps the aspect
 * and pads around, 'letterbox-top-left' pads right and below. 'shortest-edge', for models that take any size, keeps the
 * aspect: the shorter side becomes the smaller of width and height unless the longer one would pass the larger of them.
 */
export type FitMode = Infer<typeof fitMode>;
export const fitMode = oneOf('stretch', 'letterbox', 'letterbox-top-left', 'shortest-edge');

/**
 * How the pixels of an image that changes its size are made. 'antialias' takes the mean, by a triangle, of all pixels that
 * one of the smaller image stands for, as Pillow and torchvision do; JPEGs are decoded in a reduced size for it.
 * 'bilinear' blends the four pixels around each centre and skips those between, as OpenCV's INTER_LINEAR does, to the
 * same bytes; 'bicubic' sixteen, as its INTER_CUBIC, to within one level. 'bilinear-warp' blends four as well, but takes
 * whole coordinates for the centres of pixels, places the image in fractions of a pixel and blends its edge with black:
 * OpenCV's warpAffine and warpPerspective. All but the first decode the image in full size.
 */
export type Interpolation = Infer<typeof interpolation>;
export const interpolation = oneOf('antialias', 'bilinear', 'bicubic', 'bilinear-warp');

/** input = image · scale + offset, in pixels. */
export type Mapping = Infer<typeof mapping>;
export const mapping = strictObject({ scaleX: positive, scaleY: positive, offsetX: finite, offsetY: finite });

/** Where the image lies in the model's input: input = image · scale + offset, in pixels. */
export type Geometry = Infer<typeof geometry>;
export const geometry = strictObject({
  imageWidth: count,
  imageHeight: count,
  /** Size of the resized image inside the model's input, whole pixels. */
  fittedWidth: positive,
  fittedHeight: positive,
  offsetX: finite,
  offsetY: finite,
  /** Size of the model's input. */
  inputWidth: positive,
  inputHeight: positive,
  /** How boxes are mapped, if that is not how the pixels lie. */
  boxes: optional(mapping),
});

/** A decoded image in the size at which it enters the model. */
export interface FittedImage {
  /** [fittedHeight, fittedWidth, 3] RGB, 8 bits */
  pixels: Uint8Array;
  geometry: Geometry;
  damage?: string;
}

/** An image on its way into the pipeline; can be sent to a worker. */
export type ImageSource =
  | { kind: 'path'; path: string }
  | { kind: 'bytes'; bytes: Uint8Array }
  | { kind: 'raw'; pixels: RawPixels };

/** Colour that shows through transparent pixels. */
export const DEFAULT_BACKGROUND = '#ffffff';
