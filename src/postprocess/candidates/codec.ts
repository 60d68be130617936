import type { RecordedCandidates } from '../../types/candidates.js';
import type { Geometry } from '../../types/pictures.js';
import { Cursor, crc32 } from './cursor.js';
import { decodeViews, encodeViews } from './view-codec.js';

// The format of candidates.bin is described in docs/candidates.md.

/** The first bytes of the file. */
export const CANDIDATES_MAGIC = new TextEncoder().encode('sigboxc1');
/** Length and checksum in front of a block's body. */
export const BLOCK_HEAD = 8;
const HEAD = 32;
const GEOMETRY = 64;
const MAPPING = 32;
const IN_IMAGE = 1;
const HAS_MAPPING = 2;
const HAS_VIEWS = 4;
const NONE = 0xffff;

/** A block of candidates.bin: length, checksum and body. */
export function encodeBlock(image: string, candidates: RecordedCandidates): Uint8Array {
  return nameBlock(image, encodeCandidates(candidates));
}

/** The body of a block, without a name. */
export function encodeCandidates(recorded: RecordedCandidates): Uint8Array {
  const { geometry, space, cut, floor, views, ...fields } = recorded;
  const { rows, classIds, scores, boxes, best } = fields;
  const starts = rowStarts(rows);
  const [n, r] = [rows.length, starts.length - 1];
  const mapped = geometry.boxes !== undefined;
  const looks = views === undefined ? null : encodeViews(views, encodeCandidates);
  const own = sizeOf({ n, r, mapped });
  const body = new Uint8Array(own + (looks?.length ?? 0));
  if (looks !== null) body.set(looks, own);
  const write = new Cursor(body);
  const flags = (space === 'image' ? IN_IMAGE : 0) | (mapped ? HAS_MAPPING : 0) | (looks === null ? 0 : HAS_VIEWS);
  write.u32s([0, r, n, flags, looks?.length ?? cut?.count ?? 0]);
  write.f32s([cut?.highest ?? 0]);
  write.f64s([floor, ...geometryNumbers(geometry)]);
  const firsts = starts.slice(0, r);
  write.u32s(firsts.map((i) => rows[i]!));
  for (const i of firsts) write.f32s(boxes.subarray(4 * i, 4 * i + 4));
  write.f32s(scores);
  write.u16s(firsts.map((i, row) => starts[row + 1]! - i));
  const bestOf = (i: number, row: number) => best.subarray(i, starts[row + 1]).indexOf(1);
  write.u16s(firsts.map((i, row) => (bestOf(i, row) < 0 ? NONE : bestOf(i, row))));
  write.u16s(classIds);
  return body;
}

/** A body with the name of its image, in a block. */
export function nameBlock(image: string, body: Uint8Array): Uint8Array {
  const name = new TextEncoder().encode(image);
  const length = 4 * Math.ceil((body.length + name.length) / 4);
  const block = new Uint8Array(BLOCK_HEAD + length);
  block.set(body, BLOCK_HEAD);
  block.set(name, BLOCK_HEAD + body.length);
  const view = new DataView(block.buffer);
  view.setUint32(BLOCK_HEAD, name.length, true);
  view.setUint32(0, length, true);
  view.setUint32(4, crc32(block.subarray(BLOCK_HEAD)), true);
  return block;
}

/** A block that was read: the name of its image, its candidates, and where the next block begins. */
export interface DecodedBlock {
  image: string;
  candidates: RecordedCandidates;
  end: number;
}

/**
 * Reads the block that begins at `start`.
 *
 * @returns null where there is no whole block with the right checksum
 */
export function decodeBlock(bytes: Uint8Array, start = 0): DecodedBlock | null {
  const body = blockBody(bytes, start);
  if (body === null) return null;
  return { image: blockName(body), candidates: decodeCandidates(body), end: start + BLOCK_HEAD + body.length };
}

/** @returns null where there is no whole block with the right checksum */
export function blockBody(bytes: Uint8Array, start = 0): Uint8Array | null {
  if (start + BLOCK_HEAD > bytes.length) return null;
  const view = new DataView(bytes.buffer, bytes.byteOffset + start);
  const length = view.getUint32(0, true);
  if (length % 4 !== 0 || length < HEAD + GEOMETRY || start + BLOCK_HEAD + length > bytes.length) return null;
  const body = bytes.subarray(start + BLOCK_HEAD, start + BLOCK_HEAD + length);
  return crc32(body) === view.getUint32(4, true) && numbersOf(body) !== null ? body : null;
}

export function blockName(body: Uint8Array): string {
  const { end, nameBytes } = numbersOf(body)!;
  return new TextDecoder().decode(body.subarray(end, end + nameBytes));
}

/** The candidates in a body. */
export function decodeCandidates(body: Uint8Array): RecordedCandidates {
  const { r, n, flags, mapped } = numbersOf(body)!;
  const read = new Cursor(body, 16);
  const [count] = read.someU32s(1) as [number];
  const [highest] = read.someF32s(1) as [number];
  const [floor] = read.someF64s(1) as [number];
  const geometry = geometryFrom(read.someF64s(mapped ? 12 : 8));
  const rowIds = read.someU32s(r);
  const rowBoxes = Float32Array.from(read.someF32s(4 * r)); // [r, 4]
  const scores = Float32Array.from(read.someF32s(n));
  const counts = read.someU16s(r);
  const bests = read.someU16s(r);
  const classIds = Uint16Array.from(read.someU16s(n));
  const rows = new Uint32Array(n);
  const boxes = new Float32Array(4 * n); // [n, 4]
  const best = new Uint8Array(n);
  for (let row = 0, i = 0; row < r; row++) {
    if (bests[row] !== NONE) best[i + bests[row]!] = 1;
    for (let k = 0; k < counts[row]!; k++, i++) {
      rows[i] = rowIds[row]!;
      boxes.set(rowBoxes.subarray(4 * row, 4 * row + 4), 4 * i);
    }
  }
  const fields = { geometry, space: (flags & IN_IMAGE) === 0 ? ('input' as const) : ('image' as const), floor };
  const found = { ...fields, rows, classIds, scores, boxes, best };
  if ((flags & HAS_VIEWS) === 0) return { ...found, cut: count === 0 ? null : { count, highest } };
  const own = sizeOf({ n, r, mapped });
  return { ...found, cut: null, views: decodeViews(body.subarray(own, own + count), decodeCandidates) };
}

/** @returns null where they do not fit the body */
function numbersOf(body: Uint8Array) {
  const view = new DataView(body.buffer, body.byteOffset);
  const [nameBytes, r, n, flags] = [0, 4, 8, 12].map((at) => view.getUint32(at, true)) as [
    number,
    number,
    number,
    number,
  ];
  const mapped = (flags & HAS_MAPPING) !== 0;
  const views = (flags & HAS_VIEWS) === 0 ? 0 : view.getUint32(16, true);
  const end = sizeOf({ n, r, mapped }) + views;
  return 4 * Math.ceil((end + nameBytes) / 4) === body.length ? { nameBytes, r, n, flags, mapped, end } : null;
}

/** Bytes of a body before the name. */
function sizeOf({ n, r, mapped }: { n: number; r: number; mapped: boolean }): number {
  return HEAD + GEOMETRY + (mapped ? MAPPING : 0) + 24 * r + 6 * n;
}

/** Where each row's candidates begin, and where the last one's end. */
function rowStarts(rows: Uint32Array): number[] {
  const starts: number[] = [];
  for (let i = 0; i < rows.length; i++) if (i === 0 || rows[i] !== rows[i - 1]) starts.push(i);
  return [...starts, rows.length];
}

function geometryNumbers({ boxes, ...place }: Geometry): number[] {
  const { imageWidth, imageHeight, fittedWidth, fittedHeight, offsetX, offsetY, inputWidth, inputHeight } = place;
  const numbers = [imageWidth, imageHeight, fittedWidth, fittedHeight, offsetX, offsetY, inputWidth, inputHeight];
  return boxes === undefined ? numbers : [...numbers, boxes.scaleX, boxes.scaleY, boxes.offsetX, boxes.offsetY];
}

function geometryFrom(numbers: number[]): Geometry {
  const [imageWidth, imageHeight, fittedWidth, fittedHeight, offsetX, offsetY, inputWidth, inputHeight, ...mapping] =
    numbers as [number, number, number, number, number, number, number, number, ...number[]];
  const place = { imageWidth, imageHeight, fittedWidth, fittedHeight, offsetX, offsetY, inputWidth, inputHeight };
  if (mapping.length === 0) return place;
  const [scaleX, scaleY, x, y] = mapping as [number, number, number, number];
  return { ...place, boxes: { scaleX, scaleY, offsetX: x, offsetY: y } };
}
