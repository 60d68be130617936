import { writeOnnx } from '../../models/build/onnx-writer.js';

const IMAGE = [1, 3, 2, 4];

/** An ONNX file of one input `images` [1, 3, 2, 4], and two outputs: `same`, the input, and `dims`, its shape as int64. */
export function smallModel(metadata: Record<string, string> = {}): Buffer {
  const node = (opType: string, output: string) => ({ opType, name: output, inputs: ['images'], outputs: [output] });
  const onnx = writeOnnx({
    name: 'small',
    nodes: [node('Identity', 'same'), node('Shape', 'dims')],
    initializers: [],
    inputs: [{ name: 'images', dims: IMAGE }],
    outputs: [
      { name: 'same', dims: IMAGE },
      { name: 'dims', dims: [4] },
    ],
    metadata,
  });
  return withType(Buffer.from(onnx), 'dims', INT64);
}

const INT64 = 7;

/** The writer knows float32 only: element type 1 in field 1, the first one behind the name of the last value. */
function withType(onnx: Buffer, name: string, type: number): Buffer {
  onnx[onnx.indexOf(Buffer.of(0x08, 1), onnx.lastIndexOf(name)) + 1] = type;
  return onnx;
}
