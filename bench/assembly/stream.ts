// The yardstick of bench/postprocess.ts: reads every number once and does next to nothing with it.

/** @returns the bits of [length] f32 from `start` on, all laid over each other; length is a multiple of 32 */
export function stream(start: usize, length: i32): i32 {
  let a = i32x4.splat(0);
  let b = a;
  let c = a;
  let d = a;
  const end = start + ((<usize>length) << 2);
  for (let at = start; at < end; at += 128) {
    a = v128.or(a, v128.or(v128.load(at), v128.load(at, 64)));
    b = v128.or(b, v128.or(v128.load(at, 16), v128.load(at, 80)));
    c = v128.or(c, v128.or(v128.load(at, 32), v128.load(at, 96)));
    d = v128.or(d, v128.or(v128.load(at, 48), v128.load(at, 112)));
  }
  const all = v128.or(v128.or(a, b), v128.or(c, d));
  return (
    i32x4.extract_lane(all, 0) | i32x4.extract_lane(all, 1) | i32x4.extract_lane(all, 2) | i32x4.extract_lane(all, 3)
  );
}
