import type { RecordedCandidates, RecordedView } from '../../types/candidates.js';
import { FLIPS, VIEW_KINDS } from '../../types/views.js';
import { Cursor } from './cursor.js';

/** Bytes in front of the candidates of a view: ten numbers and a scale. */
const HEAD = 48;
const LEVELS = [undefined, 'coarsest', 'finest'] as const;

/**
 * The candidates of several views of an image, one after the other; docs/candidates.md describes the format.
 *
 * @param encode  writes those of one view
 */
export function encodeViews(
  views: readonly RecordedView[],
  encode: (candidates: RecordedCandidates) => Uint8Array,
): Uint8Array {
  const bodies = views.map(({ candidates }) => encode(candidates));
  const bytes = new Uint8Array(bodies.reduce((sum, { length }) => sum + HEAD + padded(length), 0));
  let at = 0;
  for (const [i, { model, view }] of views.entries()) {
    const { kind, left, top, width, height, inner, augmentation, without } = view;
    const { flip = 'none', scale = 0 } = augmentation ?? {}; // no scale: the view is not augmented
    const body = bodies[i]!;
    const write = new Cursor(bytes, at);
    write.u32s([model, VIEW_KINDS.indexOf(kind), left, top, width, height, inner]);
    write.u32s([FLIPS.indexOf(flip), LEVELS.indexOf(without), body.length]);
    write.f64s([scale]);
    bytes.set(body, at + HEAD);
    at += HEAD + padded(body.length);
  }
  return bytes;
}

/** @param decode  reads those of one view */
export function decodeViews(bytes: Uint8Array, decode: (body: Uint8Array) => RecordedCandidates): RecordedView[] {
  const views: RecordedView[] = [];
  for (let at = 0; at < bytes.length; ) {
    const read = new Cursor(bytes, at);
    const [model, kind, left, top, width, height, inner, flip, level, length] = read.someU32s(10) as [
      ...[number, number, number, number, number, number, number, number, number, number],
    ];
    const [scale] = read.someF64s(1) as [number];
    const [start, without] = [at + HEAD, LEVELS[level]];
    views.push({
      model,
      view: {
        ...{ kind: VIEW_KINDS[kind]!, left, top, width, height, inner },
        ...(scale > 0 && { augmentation: { scale, flip: FLIPS[flip]! } }),
        ...(without !== undefined && { without }),
      },
      candidates: decode(bytes.subarray(start, start + padded(length))),
    });
    at = start + padded(length);
  }
  return views;
}

function padded(length: number): number {
  return 4 * Math.ceil(length / 4);
}
