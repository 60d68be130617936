import sharp from 'sharp';
import { packageFile } from '../files/package-files.js';

/** The machine's plain font. Naming the fallback as well would have Pango prefer it, even for Latin letters. */
export const FONT_FAMILY = 'sans-serif';

const FALLBACK_FONT = 'fonts/unifont.ttf';
const MEASURED_SIZE = 40;
const widths = new Map<string, number>();
let registered: Promise<unknown> | undefined;

/**
 * Makes the fallback font known to this process: Pango takes it from then on for every letter that no other font has,
 * in SVG as well.
 */
export function registerFallbackFont(): Promise<unknown> {
  const text = { text: 'x', font: `Unifont ${MEASURED_SIZE}`, fontfile: packageFile(FALLBACK_FONT) };
  registered ??= sharp({ text }).metadata();
  return registered;
}

/** Width of a text on one line, in units of the font size; remembered. */
export async function textWidth(text: string): Promise<number> {
  const known = widths.get(text);
  if (known !== undefined) return known;
  await registerFallbackFont();
  const markup = escapeXml(text);
  const { width } = await sharp({
    text: { text: markup, font: `${FONT_FAMILY} ${MEASURED_SIZE}`, dpi: 72 },
  }).metadata();
  widths.set(text, width / MEASURED_SIZE);
  return width / MEASURED_SIZE;
}

const graphemes = new Intl.Segmenter(undefined, { granularity: 'grapheme' });

/** One line of visible text: control characters become spaces, and what is over `longest` letters an ellipsis. */
export function shownText(text: string, longest: number): string {
  const line = text
    .replace(/[\p{Cc}\p{Cs}\p{Bidi_Control}\u2028\u2029\ufffe\uffff]+/gu, ' ')
    .trim()
    .normalize('NFC');
  const letters = [...graphemes.segment(line)].map(({ segment }) => segment);
  if (letters.length === 0) return '(blank)';
  return letters.length <= longest ? line : `${letters.slice(0, longest - 1).join('')}…`;
}

export function escapeXml(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;');
}
