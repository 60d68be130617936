import { Buffer } from 'node:buffer';

/** A field of a protobuf message: a number as a varint, anything else by its length. */
function field(number: number, value: number | bigint | string | Uint8Array): Buffer {
  if (typeof value === 'number' || typeof value === 'bigint') return Buffer.concat([varint(number * 8), varint(value)]);
  const bytes = Buffer.from(value as Uint8Array);
  return Buffer.concat([varint(number * 8 + 2), varint(bytes.length), bytes]);
}

function varint(value: number | bigint): Buffer {
  const bytes: number[] = [];
  let rest = BigInt(value);
  for (; rest > 127n; rest >>= 7n) bytes.push(Number(rest & 127n) | 128);
  return Buffer.from([...bytes, Number(rest)]);
}

const [FLOAT, INT64, BOOL] = [1, 7, 9];

function value(name: string, type: number, dims: readonly number[]): Buffer {
  const shape = dims.map((dim) => field(1, field(1, dim)));
  const tensor = Buffer.concat([field(1, type), field(2, Buffer.concat(shape))]);
  return Buffer.concat([field(1, name), field(2, field(1, tensor))]);
}

function tensor(name: string, type: number, dims: readonly number[], raw: Uint8Array): Buffer {
  return Buffer.concat([...dims.map((dim) => field(1, dim)), field(2, type), field(8, name), field(9, raw)]);
}

function node(opType: string, inputs: readonly string[], outputs: readonly string[], ...attributes: Buffer[]): Buffer {
  const named = [...inputs.map((name) => field(1, name)), ...outputs.map((name) => field(2, name))];
  return Buffer.concat([...named, field(4, opType), ...attributes.map((attribute) => field(5, attribute))]);
}

/** An ONNX file like that of a detector, whose inference never ends: a Loop of 2^62 trips. */
export function loopModel(): Buffer {
  const dims = [1, 6, 100];
  const body = Buffer.concat([
    field(1, node('Identity', ['go'], ['go_on'])),
    field(1, node('Add', ['rows', 'one'], ['next'])),
    field(2, 'body'),
    field(5, tensor('one', FLOAT, [], Buffer.from(Float32Array.of(1).buffer))),
    ...[value('trip', INT64, []), value('go', BOOL, []), value('rows', FLOAT, dims)].map((input) => field(11, input)),
    ...[value('go_on', BOOL, []), value('next', FLOAT, dims)].map((output) => field(12, output)),
  ]);
  const graph = Buffer.concat([
    field(
      1,
      node(
        'Loop',
        ['trips', 'start', 'begin'],
        ['output0'],
        Buffer.concat([field(1, 'body'), field(20, 5), field(6, body)]),
      ),
    ),
    field(2, 'endless'),
    field(5, tensor('trips', INT64, [], Buffer.from(BigInt64Array.of(2n ** 62n).buffer))),
    field(5, tensor('start', BOOL, [], Buffer.of(1))),
    field(5, tensor('begin', FLOAT, dims, Buffer.alloc(4 * 600))),
    field(11, value('images', FLOAT, [1, 3, 64, 64])),
    field(12, value('output0', FLOAT, dims)),
  ]);
  return Buffer.concat([
    field(1, 7),
    field(2, 'pytorch'),
    field(7, graph),
    field(8, Buffer.concat([field(1, ''), field(2, 13)])),
  ]);
}
