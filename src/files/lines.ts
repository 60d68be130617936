import { openRegular } from './read-file.js';

/** One line of a file. */
export interface Line {
  /** Without its line end. */
  text: string;
  /** Bytes from the start of the file to the line, and to what follows its line end. */
  start: number;
  end: number;
  /** false: the file ends before a line feed does. */
  ended: boolean;
}

const LINE_FEED = 0x0a;
const CHUNK = 1 << 20; // a megabyte at a time: lines of results are some kilobytes

/** One line of a file, as bytes without the line feed: a view that holds until the next line is asked for. */
export type ByteLine = Omit<Line, 'text'> & { bytes: Uint8Array };

/**
 * The lines of a UTF-8 file. Only a line feed ends a line, with or without a carriage return before it: other characters
 * that some readers take for line ends (U+2028) may stand in names.
 *
 * @param chunk  bytes that are read at a time; what is in memory is some times that
 * @throws the file system's own error
 */
export async function* readLines(file: string, chunk = CHUNK): AsyncGenerator<Line> {
  for await (const { bytes, ...place } of readByteLines(file, chunk)) yield { text: decode(bytes), ...place };
}

/** The same, without decoding them. */
export async function* readByteLines(file: string, chunk = CHUNK): AsyncGenerator<ByteLine> {
  let rest: Uint8Array = new Uint8Array(0);
  let start = 0;
  const handle = await openRegular(file); // its stream closes it
  for await (const piece of handle.createReadStream({ highWaterMark: chunk }) as AsyncIterable<Uint8Array>) {
    const bytes = rest.length === 0 ? piece : Buffer.concat([rest, piece]);
    let from = 0;
    for (let at = bytes.indexOf(LINE_FEED); at >= 0; at = bytes.indexOf(LINE_FEED, from)) {
      yield { bytes: bytes.subarray(from, at), start: start + from, end: start + at + 1, ended: true };
      from = at + 1;
    }
    rest = bytes.subarray(from);
    start += from;
  }
  if (rest.length > 0) yield { bytes: rest, start, end: start + rest.length, ended: false };
}

function decode(bytes: Uint8Array): string {
  const text = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).toString('utf8');
  return text.endsWith('\r') ? text.slice(0, -1) : text;
}
