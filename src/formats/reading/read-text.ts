import { createReadStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import { reason, SigboxError } from '../../errors.js';
import { openRegular, readDecoded, readRegular } from '../../files/read-file.js';
import { decoderFor, decodeText, encodingOfLetters, markedEncoding, unmarkedUtf16 } from '../../text/decode-text.js';
import type { ReadContext } from '../format.js';
import type { Remarks } from './remarks.js';

type TextContext = Pick<ReadContext, 'encoding' | 'remarks'>;

/** Files up to this size are read whole; larger ones are gone through twice, in pieces. */
const WHOLE = 4 << 20;
const HEAD = 4096;

/**
 * A whole text file, in whatever encoding.
 *
 * @throws SigboxError E_IO  it can't be read, or its encoding can't be told
 */
export async function readTextFile(file: string, { encoding, remarks }: TextContext): Promise<string> {
  const { text, ...found } = await readDecoded(file, { encoding });
  if (found.assumed) remarks.add('encoding', `${file}: ${found.encoding}`);
  return text;
}

/**
 * A text file of any size, in pieces.
 *
 * @param declaredIn  the encoding that the head of the file declares, read as Latin letters
 * @throws SigboxError E_IO  it can't be read, or its encoding can't be told
 */
export async function* textPieces(
  file: string,
  { encoding, remarks }: TextContext,
  declaredIn: (head: string) => string | undefined = () => undefined,
): AsyncGenerator<string> {
  try {
    if ((await stat(file)).size <= WHOLE) {
      const bytes = await readRegular(file);
      const { text, ...found } = decodeText(bytes, { where: file, encoding, declared: declaredIn(headOf(bytes)) });
      if (found.assumed) remarks.add('encoding', `${file}: ${found.encoding}`);
      yield text;
      return;
    }
    const known = encoding ?? (await surveyedEncoding(file, remarks, declaredIn));
    const decoder = decoderFor(known, { where: file });
    for await (const bytes of bytesOf(file)) yield decoder.decode(bytes, { stream: true });
    yield decoder.decode();
  } catch (cause) {
    if (cause instanceof SigboxError) throw cause;
    throw new SigboxError('E_IO', `${file}: cannot be read: ${reason(cause)}.`, { cause });
  }
}

/**
 * The beginning of a text file, in whatever encoding.
 *
 * @throws SigboxError E_IO  it can't be read
 */
export async function firstPiece(file: string): Promise<string> {
  try {
    await using handle = await openRegular(file);
    const { buffer, bytesRead } = await handle.read(Buffer.alloc(HEAD));
    const bytes = buffer.subarray(0, bytesRead);
    return new TextDecoder(markedEncoding(bytes) ?? unmarkedUtf16(bytes) ?? 'latin1').decode(bytes);
  } catch (cause) {
    throw new SigboxError('E_IO', `${file}: cannot be read: ${reason(cause)}.`, { cause });
  }
}

/** Of a large file: what it says, or else UTF-8 if all of it is, or else what the first letters tell that are not. */
async function surveyedEncoding(
  file: string,
  remarks: Remarks,
  declaredIn: (head: string) => string | undefined,
): Promise<string> {
  const decoder = decoderFor('utf-8', { where: file });
  let isFirst = true;
  for await (const bytes of bytesOf(file)) {
    const told = isFirst ? (markedEncoding(bytes) ?? unmarkedUtf16(bytes) ?? declaredIn(headOf(bytes))) : undefined;
    if (told !== undefined && !/^utf-?8$/i.test(told)) return told;
    isFirst = false;
    try {
      decoder.decode(bytes, { stream: true });
    } catch {
      const { encoding } = decodeText(bytes, { where: file, encoding: encodingOfLetters(bytes) ?? undefined });
      remarks.add('encoding', `${file}: ${encoding}`);
      return encoding;
    }
  }
  return 'utf-8';
}

function headOf(bytes: Uint8Array): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset, Math.min(HEAD, bytes.length)).toString('latin1');
}

function bytesOf(file: string): AsyncIterable<Uint8Array> {
  return createReadStream(file, { highWaterMark: WHOLE });
}
