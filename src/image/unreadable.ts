import sharp from 'sharp';
import { SigboxError } from '../errors.js';

/** A kind of picture, by the bytes that its files begin with, and how to make a picture of it that can be read. */
interface Kind {
  name: string;
  mend: string;
}

const CONVERT = 'Convert it to JPEG or PNG first.';

/**
 * The error of a picture that is whole, but of a kind that this build of sharp can't read; null of others. sharp itself takes
 * some of these for damaged ones.
 */
export function unreadableKind(bytes: Uint8Array): SigboxError | null {
  const kind = kindOf(bytes);
  return kind === null ? null : unreadable(kind.name, kind.mend);
}

/** The same of a picture whose decoding has failed, for want of a codec; null where it failed otherwise. */
export function missingCodec(why: string): SigboxError | null {
  const [, codec] =
    /(?:^|: |; )([\w -]+?) compression support is not configured/i.exec(why) ??
    /(old-style jpeg) compression/i.exec(why) ??
    /unsupported (codec|feature: unsupported codec)/i.exec(why) ??
    /compression scheme (\d+) [\w ]*not implemented/i.exec(why) ??
    [];
  if (/samples out of range/.test(why)) return unreadable('with samples of 64 bits', 'Save it with 8 or 16 bits.');
  if (codec === undefined) return null;
  return unreadable(`with a compression (${codec.trim()})`, 'Save it with another compression, or as PNG.');
}

function unreadable(what: string, mend: string): SigboxError {
  return new SigboxError('E_IMAGE', `decode: received a picture ${what} that this build of sharp cannot read. ${mend}`);
}

function kindOf(bytes: Uint8Array): Kind | null {
  const head = Buffer.from(bytes.buffer, bytes.byteOffset, Math.min(bytes.length, 64)).toString('latin1');
  if (head.slice(4, 8) === 'ftyp') return kindOfBrands(head, bytes[3]!);
  if (/^BM.{4}\0{4}/s.test(head)) return { name: 'of the kind BMP', mend: CONVERT };
  if (head.startsWith('8BPS')) return { name: 'of the kind Photoshop', mend: CONVERT };
  if (head.startsWith('\xff\x0a') || head.slice(4, 12) === 'JXL \r\n\x87\n')
    return kindUnless('jxl', 'of the kind JPEG XL');
  if (head.slice(4, 8) === 'jP  ' || head.startsWith('\xff\x4f\xff\x51'))
    return kindUnless('jp2', 'of the kind JPEG 2000');
  if (head.startsWith('\x76\x2f\x31\x01')) return kindUnless('openexr', 'of the kind OpenEXR');
  if (head.startsWith('\0\0\x01\0')) return { name: 'of the kind ICO', mend: CONVERT };
  return null;
}

/** Pictures in HEIF's container: AVIF is read everywhere, HEIC only by a sharp that was built with an HEVC decoder. */
function kindOfBrands(head: string, length: number): Kind | null {
  const brands = [head.slice(8, 12), ...(head.slice(16, Math.max(16, length)).match(/.{4}/gs) ?? [])];
  const isHeic = brands.some((brand) => ['heic', 'heix', 'hevc', 'hevx', 'heim', 'heis'].includes(brand));
  if (!isHeic || brands.some((brand) => brand === 'avif' || brand === 'avis')) return null;
  if (suffixesOf('heif').includes('.heic')) return null;
  return {
    name: 'of the kind HEIC (HEVC, as iPhones take them)',
    mend: 'Convert it first, for example with heif-convert a.heic a.jpg, or install a sharp that is built with HEIF support.',
  };
}

function kindUnless(format: string, name: string): Kind | null {
  return suffixesOf(format).length > 0 ? null : { name, mend: CONVERT };
}

/** Endings of the files that this sharp reads. */
function suffixesOf(format: string): readonly string[] {
  const { input } =
    (sharp.format as unknown as Record<string, { input: { fileSuffix?: string[]; buffer?: boolean } }>)[format] ?? {};
  return input?.buffer === true ? (input.fileSuffix ?? [`.${format}`]) : [];
}
