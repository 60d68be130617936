/** How samples are stored: TIFF's SampleFormat and BitsPerSample. */
export type Samples =
  | { kind: 'int8'; data: Int8Array }
  | { kind: 'int16'; data: Int16Array }
  | { kind: 'int32'; data: Int32Array }
  | { kind: 'uint8'; data: Uint8Array }
  | { kind: 'uint16'; data: Uint16Array }
  | { kind: 'uint32'; data: Uint32Array }
  | { kind: 'float32'; data: Float32Array }
  | { kind: 'float64'; data: Float64Array };

export interface TiffOptions {
  width: number;
  height: number;
  /** As EXIF has it. Default 1 */
  orientation?: number;
  /** What the file claims; the samples stay as they are. Default 1, none */
  compression?: number;
}

/** An uncompressed TIFF of one strip. Source: TIFF 6.0, https://www.itu.int/itudoc/itu-t/com16/tiff-fx/docs/tiff6.pdf */
export function tiffOf(
  { kind, data }: Samples,
  { width, height, orientation = 1, compression = 1 }: TiffOptions,
): Uint8Array {
  const channels = data.length / width / height;
  const bits = data.BYTES_PER_ELEMENT * 8;
  const format = kind.startsWith('uint') ? 1 : kind.startsWith('int') ? 2 : 3;
  const entries: [tag: number, type: 3 | 4, value: number][] = [
    [256, 4, width],
    [257, 4, height],
    [258, 3, bits],
    [259, 3, compression],
    [262, 3, channels === 3 ? 2 : 1],
    [273, 4, 0],
    [274, 3, orientation],
    [277, 3, channels],
    [278, 4, height],
    [279, 4, data.byteLength],
    [339, 3, format],
  ];
  const start = 8 + 2 + 12 * entries.length + 4;
  const perSample = channels === 3 ? 6 : 0; // three shorts don't fit into an entry: each list lies behind
  const pixels = start + 2 * perSample;
  const file = Buffer.alloc(pixels + data.byteLength);
  file.write('II*\0', 'latin1');
  file.writeUInt32LE(8, 4);
  file.writeUInt16LE(entries.length, 8);
  let lists = start;
  for (const [i, [tag, type, value]] of entries.entries()) {
    const at = 10 + 12 * i;
    const isList = perSample > 0 && (tag === 258 || tag === 339);
    file.writeUInt16LE(tag, at);
    file.writeUInt16LE(type, at + 2);
    file.writeUInt32LE(isList ? 3 : 1, at + 4);
    if (isList) {
      file.writeUInt32LE(lists, at + 8);
      for (let k = 0; k < 3; k++) file.writeUInt16LE(value, lists + 2 * k);
      lists += perSample;
    } else if (type === 3) file.writeUInt16LE(value, at + 8);
    else file.writeUInt32LE(tag === 273 ? pixels : value, at + 8);
  }
  file.set(new Uint8Array(data.buffer, data.byteOffset, data.byteLength), pixels);
  return file;
}
