/**
 * Lays pixels of three channels into a tensor: each 8-bit value becomes what its channel's table says.
 *
 * @param pixels     [rows, width, 3] u8
 * @param tables     [3, 256] f32
 * @param first      where the first pixel's first, second and third channel go: u32 addresses
 * @param pixelBytes from one pixel to the next in the tensor
 * @param rowBytes   from one row to the next in the tensor
 */
export function layPixels(
  pixels: usize,
  width: i32,
  rows: i32,
  tables: usize,
  first: usize,
  second: usize,
  third: usize,
  pixelBytes: usize,
  rowBytes: usize,
): void {
  for (let y: i32 = 0; y < rows; y++) {
    let to: usize = 0;
    const end = pixels + <usize>width * 3;
    for (; pixels < end; pixels += 3, to += pixelBytes) {
      store<f32>(first + to, load<f32>(tables + ((<usize>load<u8>(pixels)) << 2)));
      store<f32>(second + to, load<f32>(tables + ((<usize>load<u8>(pixels, 1)) << 2), 1024));
      store<f32>(third + to, load<f32>(tables + ((<usize>load<u8>(pixels, 2)) << 2), 2048));
    }
    first += rowBytes;
    second += rowBytes;
    third += rowBytes;
  }
}
