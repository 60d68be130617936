// Forms of a box's four numbers: two corners; centre and size; top left corner and size.
const CENTRED: i32 = 1;
const SIZED: i32 = 2;

/**
 * The boxes of some rows as corners, in double precision, rounded once.
 *
 * @param values   the k-th number of row r is an f32 at values + r · rowBytes + k · stepBytes
 * @param rowIds   [count] u32 rows; 0: from the first on
 * @param form     see above
 * @param swapped  whether y comes before x
 * @param boxes    [count, 4] f32 xyxy, the result
 */
export function layBoxes(
  values: usize,
  rowIds: usize,
  count: i32,
  rowBytes: usize,
  stepBytes: usize,
  form: i32,
  swapped: i32,
  scaleX: f64,
  scaleY: f64,
  boxes: usize,
): void {
  const toX: usize = swapped ? stepBytes : 0;
  const toY: usize = swapped ? 0 : stepBytes;
  for (let i: usize = 0; i < <usize>count; i++, boxes += 16) {
    const at = values + (rowIds ? <usize>load<u32>(rowIds + (i << 2)) : i) * rowBytes;
    let x1: f64 = load<f32>(at + toX);
    let y1: f64 = load<f32>(at + toY);
    let x2: f64 = load<f32>(at + (stepBytes << 1) + toX);
    let y2: f64 = load<f32>(at + (stepBytes << 1) + toY);
    if (form === CENTRED) {
      const halfWidth = x2 / 2;
      const halfHeight = y2 / 2;
      x2 = x1 + halfWidth;
      y2 = y1 + halfHeight;
      x1 -= halfWidth;
      y1 -= halfHeight;
    } else if (form === SIZED) {
      x2 += x1;
      y2 += y1;
    }
    store<f32>(boxes, <f32>(x1 * scaleX));
    store<f32>(boxes, <f32>(y1 * scaleY), 4);
    store<f32>(boxes, <f32>(x2 * scaleX), 8);
    store<f32>(boxes, <f32>(y2 * scaleY), 12);
  }
}
