import type { Geometry } from '../../src/types/pictures.js';

/** An image that fills the model's input in its own size, unless said otherwise. */
export function geometryOf(width: number, height: number, changes: Partial<Geometry> = {}): Geometry {
  const sizes = { imageWidth: width, imageHeight: height, fittedWidth: width, fittedHeight: height };
  return { ...sizes, offsetX: 0, offsetY: 0, inputWidth: width, inputHeight: height, ...changes };
}
