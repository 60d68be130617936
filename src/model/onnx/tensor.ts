import type { Constant } from './graph.js';
import { type Field, type ProtobufFile, varints } from './protobuf.js';

// Field numbers of the messages in onnx.proto3.
const TENSOR = { dims: 1, type: 2, floats: 4, ints: 5, longs: 7, name: 8, raw: 9, doubles: 10, external: 13 };
const ENTRY = { key: 1, value: 2 };

/** Constants of more numbers say nothing of how a picture is prepared. */
const MOST = 64;

/** A weight as the file holds it. */
export interface Weight {
  name: string;
  /** The file that holds it, relative to the model's folder; null: the model itself. */
  weightFile: string | null;
  /** Its numbers, where they are few and wanted. */
  constant: Constant | null;
}

/** @param wanted  whether its numbers are to be read, if they are few */
export function readConstant(file: ProtobufFile, tensor: Field, wanted: boolean): Weight {
  const weight: Weight = { name: '', weightFile: null, constant: null };
  const dims: number[] = [];
  let type = 0;
  let values: number[] | null = null;
  let raw: Field | null = null;
  for (const field of file.fields(tensor)) {
    const { number } = field;
    if (number === TENSOR.name) weight.name = file.text(field);
    else if (number === TENSOR.external) weight.weightFile = locationOf(file, field) ?? weight.weightFile;
    else if (!wanted || field.end - field.start > 8 * MOST) continue;
    else if (number === TENSOR.dims) dims.push(...(field.packed ? varints(file.bytes(field)) : [field.value]));
    else if (number === TENSOR.type) type = field.value;
    else if (number === TENSOR.raw) raw = field;
    else if (isSmall(dims)) values = appended(values, numbersOf(file, field));
  }
  if (!wanted || weight.weightFile !== null || !isSmall(dims)) return weight;
  if (raw !== null) values = rawNumbers(file.bytes(raw), type);
  const count = dims.reduce((product, dim) => product * dim, 1);
  return values?.length === count ? { ...weight, constant: { dims, values } } : weight;
}

function isSmall(dims: readonly number[]): boolean {
  return dims.reduce((product, dim) => product * dim, 1) <= MOST;
}

function appended(values: number[] | null, more: number[] | null): number[] | null {
  return more === null ? values : [...(values ?? []), ...more];
}

function numbersOf(file: ProtobufFile, field: Field): number[] | null {
  const { number } = field;
  if (number === TENSOR.floats) return file.floats(field);
  if (number === TENSOR.ints || number === TENSOR.longs) {
    return field.packed ? varints(file.bytes(field)) : [field.value];
  }
  if (number !== TENSOR.doubles) return null;
  const bytes = file.bytes(field);
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  return Array.from({ length: bytes.length / 8 }, (_, i) => view.getFloat64(8 * i, true));
}

type Reader = (view: DataView, at: number) => number;

/** By TensorProto.DataType: how many bytes a number has, and how it is read. */
const RAW: Readonly<Record<number, [bytes: number, read: Reader]>> = {
  1: [4, (view, at) => view.getFloat32(at, true)],
  2: [1, (view, at) => view.getUint8(at)],
  3: [1, (view, at) => view.getInt8(at)],
  6: [4, (view, at) => view.getInt32(at, true)],
  7: [8, (view, at) => Number(view.getBigInt64(at, true))],
  10: [2, (view, at) => halfToNumber(view.getUint16(at, true))],
  11: [8, (view, at) => view.getFloat64(at, true)],
};

function rawNumbers(bytes: Uint8Array, type: number): number[] | null {
  const form = RAW[type];
  if (form === undefined) return null;
  const [size, read] = form;
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  return Array.from({ length: Math.floor(bytes.length / size) }, (_, i) => read(view, i * size));
}

function halfToNumber(bits: number): number {
  const [sign, exponent, fraction] = [bits >> 15 ? -1 : 1, (bits >> 10) & 31, bits & 1023];
  if (exponent === 31) return fraction === 0 ? sign * Number.POSITIVE_INFINITY : Number.NaN;
  return sign * (exponent === 0 ? fraction * 2 ** -24 : (1 + fraction / 1024) * 2 ** (exponent - 15));
}

function locationOf(file: ProtobufFile, entry: Field): string | null {
  const texts = new Map([...file.fields(entry)].map((field) => [field.number, file.text(field)]));
  return texts.get(ENTRY.key) === 'location' ? (texts.get(ENTRY.value) ?? '') : null;
}
