import type { InputSpec } from '../types/model.js';
import type { FitMode, Geometry, Mapping } from '../types/pictures.js';

interface Size {
  width: number;
  height: number;
}

type Target = Size & Partial<Pick<InputSpec, 'multipleOf' | 'rounding' | 'interpolation'>>;

/**
 * Where an image comes to lie in a model's input, by the way of fitting that FitMode describes.
 *
 * The fitted size is at least 1; an odd pixel of centred padding goes right or bottom, as in Ultralytics' LetterBox. With
 * the interpolation 'bilinear-warp' the fitted image is the whole input, padding included.
 *
 * @param image          size of the upright image, pixels
 * @param input          size of the model's input, pixels; for 'shortest-edge' the bounds of its sides, in any order
 * @param rounding       how the fitted size becomes whole pixels. Default 'nearest'
 * @param interpolation  Default 'antialias'
 * @param multipleOf     for 'shortest-edge', and letterboxes of more than 1: the input's sides are the next multiples of this.
 *                       Default 1
 */
export function fitImage(image: Size, input: Target, mode: FitMode): Geometry {
  const { ratio, ...place } = mode === 'shortest-edge' ? byShortestEdge(image, input) : intoInput(image, input, mode);
  const geometry = { imageWidth: image.width, imageHeight: image.height, ...place };
  if (input.interpolation === 'bilinear-warp') return warped(geometry, mode, ratio);
  if (input.rounding !== 'cut' || mode === 'stretch') return geometry;
  const { offsetX, offsetY } = place;
  return { ...geometry, boxes: { scaleX: ratio, scaleY: ratio, offsetX, offsetY } };
}

/** Whether a model's input has the size that the image asks for, not one of its own. */
export function takesAnySize({ fit, multipleOf }: Pick<InputSpec, 'fit' | 'multipleOf'>): boolean {
  return fit === 'shortest-edge' || (multipleOf > 1 && fit !== 'stretch');
}

function intoInput(image: Size, { width, height, rounding, multipleOf = 1 }: Target, mode: FitMode) {
  const ratio = Math.min(width / image.width, height / image.height);
  const stretch = mode === 'stretch';
  const fittedWidth = stretch ? width : scaled(image.width, ratio, rounding);
  const fittedHeight = stretch ? height : scaled(image.height, ratio, rounding);
  const snug = !stretch && multipleOf > 1;
  const inputWidth = snug ? nextMultiple(fittedWidth, multipleOf) : width;
  const inputHeight = snug ? nextMultiple(fittedHeight, multipleOf) : height;
  const centred = mode === 'letterbox';
  const offsetX = centred ? Math.floor((inputWidth - fittedWidth) / 2) : 0;
  const offsetY = centred ? Math.floor((inputHeight - fittedHeight) / 2) : 0;
  return { fittedWidth, fittedHeight, offsetX, offsetY, inputWidth, inputHeight, ratio };
}

function byShortestEdge(image: Size, { width, height, multipleOf = 1, rounding }: Target) {
  const ratio = Math.min(
    Math.min(width, height) / Math.min(image.width, image.height),
    Math.max(width, height) / Math.max(image.width, image.height),
  );
  const fittedWidth = scaled(image.width, ratio, rounding);
  const fittedHeight = scaled(image.height, ratio, rounding);
  const inputWidth = nextMultiple(fittedWidth, multipleOf);
  const inputHeight = nextMultiple(fittedHeight, multipleOf);
  return { fittedWidth, fittedHeight, offsetX: 0, offsetY: 0, inputWidth, inputHeight, ratio };
}

function nextMultiple(side: number, of: number): number {
  return Math.ceil(side / of) * of;
}

function scaled(side: number, ratio: number, rounding: InputSpec['rounding'] = 'nearest'): number {
  return Math.max(1, rounding === 'nearest' ? Math.round(side * ratio) : Math.floor(side * ratio));
}

/** A warp knows no whole pixels: the image lies where the ratio puts it, in the middle where it is to be centred. */
function warped(geometry: Geometry, mode: FitMode, ratio: number): Geometry {
  const { imageWidth, imageHeight, inputWidth, inputHeight } = geometry;
  const [scaleX, scaleY] = mode === 'stretch' ? [inputWidth / imageWidth, inputHeight / imageHeight] : [ratio, ratio];
  const middle = mode === 'letterbox' ? 0.5 : 0;
  const boxes: Mapping = {
    scaleX,
    scaleY,
    offsetX: middle * (inputWidth - scaleX * imageWidth),
    offsetY: middle * (inputHeight - scaleY * imageHeight),
  };
  return { ...geometry, fittedWidth: inputWidth, fittedHeight: inputHeight, offsetX: 0, offsetY: 0, boxes };
}
