import sharp, { type OverlayOptions } from 'sharp';
import { type OptionsOf, option, optionsCheck, withDefaults } from '../check/option.js';
import { oneOf } from '../check/shapes.js';
import { count } from '../check/words.js';
import { complain, reason, SigboxError } from '../errors.js';
import { openUpright } from '../image/decode.js';
import { type ImageInput, imageSource } from '../image/source.js';
import { DEFAULT_BACKGROUND } from '../types/pictures.js';
import { encodeAs } from './encode.js';
import { textElement } from './svg.js';
import { FONT_FAMILY, registerFallbackFont, shownText } from './text.js';

/** A picture of a contact sheet. */
export interface SheetPicture {
  /** As `detect` takes it: as a rule a drawn picture. */
  image: ImageInput;
  /** One line below it; what is too long ends with an ellipsis. */
  caption: string;
}

const SHEET_OPTIONS = {
  /** Pictures side by side. Default 6 */
  columns: option(count, { default: 6 }),
  /** Width of a picture's place, pixels; its height is three quarters of it. Default 256 */
  width: option(count, { default: 256 }),
  /** Format of the encoded sheet. Default 'jpeg' */
  format: option(oneOf('jpeg', 'png', 'webp'), { default: 'jpeg' }),
};

export interface ContactSheetOptions extends OptionsOf<typeof SHEET_OPTIONS> {}

const checkSheetOptions = optionsCheck(SHEET_OPTIONS);

const GAP = 8; // pixels around each place
const FONT = 13;
const LINE = 20;

/**
 * Draws many pictures onto one sheet, row by row, each with a caption below it.
 *
 *     await writeFile('sheet.jpg', await drawContactSheet([{ image: 'drawn/a.jpg', caption: 'a.jpg' }]));
 *
 * @param pictures  one or more; not changed. One that can't be decoded leaves its place empty but for the caption
 * @returns the encoded sheet
 * @throws SigboxError E_ARGUMENT  no picture, an option that can't be right. E_IMAGE  the sheet would be too large
 */
export async function drawContactSheet(
  pictures: readonly SheetPicture[],
  options: ContactSheetOptions = {},
): Promise<Uint8Array> {
  const where = 'drawContactSheet';
  const { columns, width, format } = withDefaults(SHEET_OPTIONS, checkSheetOptions(options, where));
  if (pictures.length === 0) throw complain('E_ARGUMENT', { where, expected: 'one or more pictures', received: 0 });
  const place = { width, height: Math.max(1, Math.round(width * 0.75)) };
  const step = { x: width + GAP, y: place.height + LINE + GAP };
  const sheet = {
    width: GAP + Math.min(columns, pictures.length) * step.x,
    height: GAP + Math.ceil(pictures.length / columns) * step.y,
  };
  await registerFallbackFont();
  const parts: OverlayOptions[] = [];
  const captions: string[] = [];
  for (const [i, { image, caption }] of pictures.entries()) {
    const [left, top] = [GAP + (i % columns) * step.x, GAP + Math.floor(i / columns) * step.y];
    parts.push(...(await thumbnail(image, { ...place, left, top })));
    captions.push(textElement(shownText(caption, Math.floor(width / 7)), left, top + place.height + 15, '#222222'));
  }
  const svg =
    `<svg xmlns="http://www.w3.org/2000/svg" width="${sheet.width}" height="${sheet.height}">` +
    `<g font-family="${FONT_FAMILY}" font-size="${FONT}">${captions.join('')}</g></svg>`;
  try {
    const paper = sharp({ create: { ...sheet, channels: 3, background: DEFAULT_BACKGROUND } });
    const drawn = paper.composite([...parts, { input: Buffer.from(svg) }]).removeAlpha();
    return await encodeAs(`sheet.${format}`, drawn).toBuffer();
  } catch (cause) {
    throw new SigboxError('E_IMAGE', `${where}: the sheet cannot be drawn: ${reason(cause)}.`, { cause });
  }
}

interface Place {
  left: number;
  top: number;
  width: number;
  height: number;
}

/** The picture in the middle of its place; nothing where it can't be read. */
async function thumbnail(image: ImageInput, { left, top, width, height }: Place): Promise<OverlayOptions[]> {
  try {
    const picture = await openUpright(await imageSource(image), { background: DEFAULT_BACKGROUND, lenient: true });
    const { data, info } = await picture
      .resize(width, height, { fit: 'inside', withoutEnlargement: true })
      .removeAlpha()
      .raw({ depth: 'uchar' })
      .toBuffer({ resolveWithObject: true });
    const middle = { left: left + ((width - info.width) >> 1), top: top + ((height - info.height) >> 1) };
    return [{ input: data, raw: { width: info.width, height: info.height, channels: info.channels }, ...middle }];
  } catch {
    return []; // the caption says which one it is
  }
}
