import { type FileHandle, open } from 'node:fs/promises';
import { reason, SigboxError } from '../errors.js';

/** What an ONNX file says about itself. */
export interface ModelMetadata {
  irVersion: number;
  producer: string;
  /** Version of the default operator set (ai.onnx); 0 when none is named. */
  opset: number;
  /** metadata_props: free keys and values. */
  properties: Record<string, string>;
}

// Field numbers of ModelProto, OperatorSetIdProto and StringStringEntryProto in onnx.proto3.
const MODEL = { irVersion: 1, producerName: 2, graph: 7, opsetImport: 8, metadataProps: 14 };
const VARINT = 0;
const I64 = 1;
const BYTES = 2;
const I32 = 5;
const HEAD_BYTES = 20; // a tag and a length, at most ten bytes each
const utf8 = new TextDecoder();

/**
 * Reads an ONNX file's metadata without reading its graph or weights, whatever their size.
 *
 * @throws SigboxError E_IO  the file can't be read. E_MODEL  it is not an ONNX file.
 */
export async function readMetadata(file: string): Promise<ModelMetadata> {
  let handle: FileHandle;
  try {
    handle = await open(file);
  } catch (cause) {
    throw new SigboxError('E_IO', `model ${file}: cannot be opened: ${reason(cause)}.`, { cause });
  }
  try {
    return await walkModel(handle, (await handle.stat()).size);
  } catch (cause) {
    const why = reason(cause);
    throw new SigboxError('E_MODEL', `model ${file}: expected an ONNX file, received something else (${why}).`, {
      cause,
    });
  } finally {
    await handle.close();
  }
}

async function walkModel(handle: FileHandle, size: number): Promise<ModelMetadata> {
  const found: ModelMetadata = { irVersion: 0, producer: '', opset: 0, properties: {} };
  let hasGraph = false;
  for (let at = 0; at < size; ) {
    const field = readField(await readAt(handle, at, Math.min(HEAD_BYTES, size - at)));
    const start = at + field.headBytes;
    at = start + field.bodyBytes;
    if (at > size) throw new Error(`it ends after ${size} bytes, in the middle of a field of ${field.bodyBytes} bytes`);
    const body = () => readAt(handle, start, field.bodyBytes);
    if (field.number === MODEL.irVersion) found.irVersion = field.value;
    else if (field.number === MODEL.graph) hasGraph = true;
    else if (field.number === MODEL.producerName) found.producer = utf8.decode(await body());
    else if (field.number === MODEL.opsetImport) found.opset = Math.max(found.opset, defaultOpset(await body()));
    else if (field.number === MODEL.metadataProps) {
      const entry = textFields(await body());
      found.properties[entry.get(1) ?? ''] = entry.get(2) ?? '';
    }
  }
  if (!hasGraph) throw new Error(size === 0 ? 'the file is empty' : 'it holds no graph');
  return found;
}

/** OperatorSetIdProto: the version, when the domain is the default one, which has two names; else 0. */
function defaultOpset(bytes: Uint8Array): number {
  let version = 0;
  for (const field of fieldsOf(bytes)) {
    if (field.number === 1 && !['', 'ai.onnx'].includes(utf8.decode(field.body))) return 0;
    if (field.number === 2) version = field.value;
  }
  return version;
}

function textFields(bytes: Uint8Array): Map<number, string> {
  return new Map([...fieldsOf(bytes)].map(({ number, body }) => [number, utf8.decode(body)]));
}

interface Field {
  number: number;
  /** Of a varint. */
  value: number;
  headBytes: number;
  bodyBytes: number;
}

function* fieldsOf(bytes: Uint8Array): Generator<Field & { body: Uint8Array }> {
  for (let at = 0; at < bytes.length; ) {
    const field = readField(bytes.subarray(at));
    const start = at + field.headBytes;
    at = start + field.bodyBytes;
    yield { ...field, body: bytes.subarray(start, at) };
  }
}

/** Reads a field's tag, and its value or length. */
function readField(bytes: Uint8Array): Field {
  const tag = readVarint(bytes, 0);
  const number = Math.floor(tag.value / 8);
  const wire = tag.value % 8;
  if (number === 0) throw new Error('field number 0');
  if (wire === I64) return { number, value: 0, headBytes: tag.end, bodyBytes: 8 };
  if (wire === I32) return { number, value: 0, headBytes: tag.end, bodyBytes: 4 };
  if (wire !== VARINT && wire !== BYTES) throw new Error(`wire type ${wire}`);
  const { value, end } = readVarint(bytes, tag.end);
  return { number, value, headBytes: end, bodyBytes: wire === BYTES ? value : 0 };
}

function readVarint(bytes: Uint8Array, start: number): { value: number; end: number } {
  let value = 0;
  for (let i = start, unit = 1; i < start + 10; i++, unit *= 128) {
    const byte = bytes[i];
    if (byte === undefined) throw new Error('it ends in the middle of a number');
    value += (byte & 127) * unit;
    if (byte < 128) return { value, end: i + 1 };
  }
  throw new Error('a number of more than 10 bytes');
}

async function readAt(handle: FileHandle, position: number, length: number): Promise<Uint8Array> {
  const bytes = new Uint8Array(length);
  const { bytesRead } = await handle.read(bytes, 0, length, position);
  if (bytesRead !== length) throw new Error(`only ${bytesRead} of ${length} bytes could be read`);
  return bytes;
}
