import { type OptionsOf, option, optionsCheck, withDefaults } from '../check/option.js';
import { oneOf, word } from '../check/shapes.js';
import { count, flag } from '../check/words.js';
import { reason, SigboxError } from '../errors.js';
import { openUpright } from '../image/decode.js';
import { type ImageInput, imageSource } from '../image/source.js';
import { DEFAULT_BACKGROUND } from '../types/pictures.js';
import { drawOn } from './draw-picture.js';
import { type DrawableRegion, STYLE_OPTIONS } from './draw-style.js';

const PICTURE_FORMATS = ['jpeg', 'png', 'webp', 'avif', 'tiff', 'gif'] as const;

const colour = word<string>(
  'a colour like #ffffff',
  (value) => typeof value === 'string' && /^#[0-9a-f]{6}$/i.test(value),
);

const DRAWING_OPTIONS = {
  /** Format of the encoded picture. Default 'jpeg' */
  format: option(oneOf(...PICTURE_FORMATS), { default: 'jpeg' }),
  /** Longest side of the picture, pixels; smaller images are not enlarged. Default: as the image */
  size: option(count),
  ...STYLE_OPTIONS,
  /** Colour under transparent pixels, #rrggbb. Default '#ffffff' */
  background: option(colour, { default: DEFAULT_BACKGROUND }),
  /** Use the part of a damaged image that can be decoded. Default false */
  lenient: option(flag, { default: false }),
};

export interface DrawingOptions extends OptionsOf<typeof DRAWING_OPTIONS> {}

const checkDrawingOptions = optionsCheck(DRAWING_OPTIONS);

/**
 * Draws detections into their image: a box for each region, and a tag with its score for each of its labels.
 *
 *     const { detections } = await detector.detect('street.jpg');
 *     await writeFile('drawn.jpg', await drawDetections('street.jpg', detections));
 *
 * @param image       as `detect` takes it; not changed. A stream can be read only once: pass its bytes to both
 * @param detections  of `detect`, or regions of annotations (`readDataset`), highest score first: those are drawn on top, and crowds
 *   are filled. Boxes in pixels of the upright image. Not changed
 * @returns the encoded picture: upright, sRGB, without transparency
 * @throws SigboxError E_ARGUMENT  an option that can't be right, not an image. E_IO  the image can't be read. E_IMAGE  it can't
 *   be decoded or encoded
 */
export async function drawDetections(
  image: ImageInput,
  detections: readonly DrawableRegion[],
  options: DrawingOptions = {},
): Promise<Uint8Array> {
  const given = withDefaults(DRAWING_OPTIONS, checkDrawingOptions(options, 'drawDetections'));
  const { format, background, lenient, size, ...style } = given;
  const picture = await openUpright(await imageSource(image), { background, lenient });
  const { autoOrient } = await picture.metadata().catch((cause) => {
    throw new SigboxError('E_IMAGE', `drawDetections: the image cannot be decoded: ${reason(cause)}.`, { cause });
  });
  const { width, height } = autoOrient;
  return drawOn(picture, { width, height, detections }, { ...style, file: `picture.${format}`, size });
}
