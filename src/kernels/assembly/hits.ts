// A hit in the making is 12 bytes: row u32, column u32, value f32.

export const HIT: usize = 12;

export function putHit(at: usize, row: i32, column: i32, value: f32): usize {
  store<i32>(at, row);
  store<i32>(at, column, 4);
  store<f32>(at, value, 8);
  return at + HIT;
}

/** Takes hits apart into one array per field. */
export function splitHits(hits: usize, count: i32, rows: usize, columns: usize, values: usize): void {
  for (let i: usize = 0; i < <usize>count; i++, hits += HIT) {
    store<u32>(rows + (i << 2), load<u32>(hits));
    store<u16>(columns + (i << 1), <u16>load<u32>(hits, 4));
    store<f32>(values + (i << 2), load<f32>(hits, 8));
  }
}

/**
 * The same, by row; hits of one row keep their order. A counting sort.
 *
 * @param places  [rowCount + 1] u32, overwritten
 */
export function orderHits(
  hits: usize,
  count: i32,
  places: usize,
  rowCount: i32,
  rows: usize,
  columns: usize,
  values: usize,
): void {
  memory.fill(places, 0, (<usize>rowCount + 1) << 2);
  const end = hits + <usize>count * HIT;
  for (let hit = hits; hit < end; hit += HIT) {
    const place = places + ((<usize>load<u32>(hit)) << 2);
    store<u32>(place, load<u32>(place, 4) + 1, 4);
  }
  const last = places + ((<usize>rowCount) << 2);
  let sum: u32 = 0;
  for (let place = places; place <= last; place += 4) {
    sum += load<u32>(place);
    store<u32>(place, sum);
  }
  for (let hit = hits; hit < end; hit += HIT) {
    const place = places + ((<usize>load<u32>(hit)) << 2);
    const to = <usize>load<u32>(place);
    store<u32>(place, <u32>to + 1);
    store<u32>(rows + (to << 2), load<u32>(hit));
    store<u16>(columns + (to << 1), <u16>load<u32>(hit, 4));
    store<f32>(values + (to << 2), load<f32>(hit, 8));
  }
}
