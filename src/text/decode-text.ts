import { complain, SigboxError } from '../errors.js';

/** A text, and the encoding that its bytes were read in. */
export interface DecodedText {
  text: string;
  encoding: string;
  /** Whether the encoding is inferred from the letters alone: no mark, no declaration, no UTF-8. */
  assumed: boolean;
}

export interface DecodeTextOptions {
  /** Name of the file, for messages. */
  where: string;
  /** The encoding, as the WHATWG names them. Default: detected from the bytes */
  encoding?: string | undefined;
  /** What the file itself says, as XML does; a byte order mark wins over it. */
  declared?: string | undefined;
}

/**
 * Decodes a text file: by its byte order mark, by the encoding that it declares, as UTF-16 where every other byte is 0, as
 * UTF-8, and else as GBK or Windows-1252 where the letters tell these two.
 *
 * @throws SigboxError E_IO  bytes that are not of the encoding, or an unrecognised encoding. E_ARGUMENT  an unknown one
 */
export function decodeText(bytes: Uint8Array, options: DecodeTextOptions): DecodedText {
  const sure = options.encoding ?? markedEncoding(bytes) ?? unmarkedUtf16(bytes) ?? options.declared;
  if (sure !== undefined && !isUtf8(sure))
    return { text: decode(bytes, sure, options), encoding: sure, assumed: false };
  const text = orNull(() => decoderFor('utf-8', options).decode(bytes));
  if (text !== null) return { text, encoding: 'utf-8', assumed: false };
  const encoding = options.encoding === undefined ? encodingOfLetters(bytes) : null;
  if (encoding !== null) return { text: decode(bytes, encoding, options), encoding, assumed: true };
  throw complain('E_IO', {
    where: options.where,
    expected: 'text in UTF-8, or in a recognisable encoding',
    received: 'bytes of another one',
    mend: 'Name the encoding (encoding; on the command line --encoding), for example windows-1251, gb18030 or shift_jis.',
  });
}

/** The encoding that a byte order mark names. */
export function markedEncoding([a, b, c]: Uint8Array): string | undefined {
  if (a === 0xef && b === 0xbb && c === 0xbf) return 'utf-8';
  if (a === 0xff && b === 0xfe) return 'utf-16le';
  return a === 0xfe && b === 0xff ? 'utf-16be' : undefined;
}

/** How many bytes are looked at for the zeros of UTF-16. */
const HEAD = 1024;

/** UTF-16 without a mark: texts of markup and Latin letters have a zero in nearly every pair of bytes. */
export function unmarkedUtf16(bytes: Uint8Array): string | undefined {
  const length = Math.min(HEAD, bytes.length) & ~1;
  const zeros = [0, 0];
  for (let i = 0; i < length; i++) if (bytes[i] === 0) zeros[i & 1]!++;
  const most = 0.2 * length; // two fifths of the pairs
  if (length >= 4 && zeros[1]! > most && zeros[0]! < zeros[1]! / 4) return 'utf-16le';
  return length >= 4 && zeros[0]! > most && zeros[1]! < zeros[0]! / 4 ? 'utf-16be' : undefined;
}

/**
 * Tells GBK from Windows-1252 where bytes over 127 allow one of them only. Chinese comes in pairs of such bytes, and more
 * than a few characters lead beyond Korean's; Western letters stand alone or in twos.
 *
 * @returns null if the encoding is not recognised
 */
export function encodingOfLetters(bytes: Uint8Array): 'gb18030' | 'windows-1252' | null {
  let [runs, pairs, beyondKorean, western] = [0, 0, 0, 0];
  for (let i = 0; i < bytes.length; i++) {
    if (bytes[i]! < 0x80) continue;
    const start = i;
    while (i < bytes.length && bytes[i]! >= 0x80) i++;
    runs++;
    if (isChinese(bytes.subarray(start, i))) pairs++;
    for (let at = start; at < i; at += 2) if (bytes[at]! > 0xc8) beyondKorean++;
    if (i - start <= 2 && bytes.subarray(start, i).every(isWestern)) western++;
  }
  if (pairs === runs && beyondKorean > 0) return 'gb18030';
  return western === runs && pairs < runs ? 'windows-1252' : null;
}

/** GB 2312's characters of the first level, which are nearly all that is written, and its punctuation. */
function isChinese(run: Uint8Array): boolean {
  const isLead = (byte: number) => (byte >= 0xb0 && byte <= 0xd7) || byte === 0xa1 || byte === 0xa3;
  return run.length % 2 === 0 && run.every((byte, i) => (i % 2 === 0 ? isLead(byte) : byte >= 0xa1 && byte <= 0xfe));
}

/** Letters with accents, degrees, quotes and dashes of Windows-1252. */
function isWestern(byte: number): boolean {
  return (
    byte >= 0xc0 || (byte >= 0x91 && byte <= 0x97) || byte === 0x80 || byte === 0x85 || byte === 0xa0 || byte === 0xb0
  );
}

function decode(bytes: Uint8Array, encoding: string, options: DecodeTextOptions): string {
  try {
    return decoderFor(encoding, options).decode(bytes);
  } catch (cause) {
    if (cause instanceof SigboxError) throw cause;
    const received = 'bytes that are not of it';
    throw complain('E_IO', { where: options.where, expected: `text in ${encoding}`, received, cause });
  }
}

/** @throws SigboxError E_ARGUMENT  an encoding that there isn't */
export function decoderFor(
  encoding: string,
  { where }: Pick<DecodeTextOptions, 'where'>,
): InstanceType<typeof TextDecoder> {
  try {
    return new TextDecoder(encoding, { fatal: true });
  } catch (cause) {
    const mend = 'Examples: utf-8, utf-16le, windows-1252, gb18030, shift_jis.';
    throw complain('E_ARGUMENT', { where, expected: 'a known encoding', received: encoding, mend, cause });
  }
}

function isUtf8(encoding: string): boolean {
  return /^utf-?8$/i.test(encoding);
}

function orNull<T>(read: () => T): T | null {
  try {
    return read();
  } catch {
    return null;
  }
}
