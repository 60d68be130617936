import type { FitMode, Geometry } from '../types.js';

interface Size {
  width: number;
  height: number;
}

/**
 * Where an image comes to lie in a model's input.
 *
 * 'stretch' fills the input and changes the aspect; 'letterbox' keeps the aspect and centres, 'letterbox-top-left' keeps
 * it and pads right and bottom. The fitted size is rounded to whole pixels and is at least 1; an odd pixel of centred
 * padding goes right or bottom, as in Ultralytics' LetterBox.
 *
 * @param image  size of the upright image, pixels
 * @param input  size of the model's input, pixels
 */
export function fitImage(image: Size, input: Size, mode: FitMode): Geometry {
  const ratio = Math.min(input.width / image.width, input.height / image.height);
  const stretch = mode === 'stretch';
  const fittedWidth = stretch ? input.width : Math.max(1, Math.round(image.width * ratio));
  const fittedHeight = stretch ? input.height : Math.max(1, Math.round(image.height * ratio));
  const centred = mode === 'letterbox';
  return {
    imageWidth: image.width,
    imageHeight: image.height,
    fittedWidth,
    fittedHeight,
    offsetX: centred ? Math.floor((input.width - fittedWidth) / 2) : 0,
    offsetY: centred ? Math.floor((input.height - fittedHeight) / 2) : 0,
  };
}
