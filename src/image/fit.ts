import type { FitMode, Geometry } from '../types.js';

interface Size {
  width: number;
  height: number;
}

/**
 * Where an image comes to lie in a model's input, by the way of fitting that FitMode describes.
 *
 * The fitted size is rounded to whole pixels and is at least 1; an odd pixel of centred padding goes right or bottom, as
 * in Ultralytics' LetterBox.
 *
 * @param image       size of the upright image, pixels
 * @param input       size of the model's input, pixels; for 'shortest-edge' the bounds of its sides, in any order
 * @param multipleOf  for 'shortest-edge': the input's sides are the next multiples of this. Default 1
 */
export function fitImage(image: Size, input: Size & { multipleOf?: number }, mode: FitMode): Geometry {
  const place = mode === 'shortest-edge' ? byShortestEdge(image, input) : intoInput(image, input, mode);
  return { imageWidth: image.width, imageHeight: image.height, ...place };
}

function intoInput(image: Size, { width: inputWidth, height: inputHeight }: Size, mode: FitMode) {
  const ratio = Math.min(inputWidth / image.width, inputHeight / image.height);
  const stretch = mode === 'stretch';
  const fittedWidth = stretch ? inputWidth : scaled(image.width, ratio);
  const fittedHeight = stretch ? inputHeight : scaled(image.height, ratio);
  const centred = mode === 'letterbox';
  const offsetX = centred ? Math.floor((inputWidth - fittedWidth) / 2) : 0;
  const offsetY = centred ? Math.floor((inputHeight - fittedHeight) / 2) : 0;
  return { fittedWidth, fittedHeight, offsetX, offsetY, inputWidth, inputHeight };
}

function byShortestEdge(image: Size, { width, height, multipleOf = 1 }: Size & { multipleOf?: number }) {
  const ratio = Math.min(
    Math.min(width, height) / Math.min(image.width, image.height),
    Math.max(width, height) / Math.max(image.width, image.height),
  );
  const fittedWidth = scaled(image.width, ratio);
  const fittedHeight = scaled(image.height, ratio);
  const inputWidth = Math.ceil(fittedWidth / multipleOf) * multipleOf;
  const inputHeight = Math.ceil(fittedHeight / multipleOf) * multipleOf;
  return { fittedWidth, fittedHeight, offsetX: 0, offsetY: 0, inputWidth, inputHeight };
}

function scaled(side: number, ratio: number): number {
  return Math.max(1, Math.round(side * ratio));
}
