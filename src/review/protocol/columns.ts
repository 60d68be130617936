import { SigboxError } from '../../errors.js';

export type Column = Uint8Array | Uint16Array | Uint32Array | Int32Array | Float32Array | Float64Array;

const TYPES = { Uint8Array, Uint16Array, Uint32Array, Int32Array, Float32Array, Float64Array };
type TypeName = keyof typeof TYPES;

interface Field {
  name: string;
  type: TypeName;
  length: number;
}

/** Every column begins at a multiple of this, so that it can be read in place. */
const ALIGNMENT = 8;

/** Named columns of numbers as one array of bytes: length of the header, header as JSON, columns. */
export function packColumns(columns: object): Uint8Array {
  const entries = Object.entries(columns) as [string, Column][];
  const fields: Field[] = entries.map(([name, column]) => ({
    name,
    type: column.constructor.name as TypeName,
    length: column.length,
  }));
  const header = new TextEncoder().encode(JSON.stringify(fields));
  const start = aligned(4 + header.length);
  const total = entries.reduce((sum, [, column]) => sum + aligned(column.byteLength), start);
  const bytes = new Uint8Array(total);
  new DataView(bytes.buffer).setUint32(0, header.length, true);
  bytes.set(header, 4);
  let at = start;
  for (const [, column] of entries) {
    bytes.set(new Uint8Array(column.buffer, column.byteOffset, column.byteLength), at);
    at += aligned(column.byteLength);
  }
  return bytes;
}

/**
 * The columns of packed bytes, as views on them.
 *
 * @throws SigboxError E_IO  bytes that end too early
 */
export function unpackColumns<Columns>(buffer: ArrayBuffer): Columns {
  try {
    const length = new DataView(buffer).getUint32(0, true);
    const fields = JSON.parse(new TextDecoder().decode(new Uint8Array(buffer, 4, length))) as Field[];
    let at = aligned(4 + length);
    const columns = fields.map((field) => {
      const column = new TYPES[field.type](buffer, at, field.length);
      at += aligned(column.byteLength);
      return [field.name, column] as const;
    });
    return Object.fromEntries(columns) as Columns;
  } catch (cause) {
    throw new SigboxError('E_IO', 'columns: expected packed columns, received bytes that end too early.', { cause });
  }
}

function aligned(bytes: number): number {
  return Math.ceil(bytes / ALIGNMENT) * ALIGNMENT;
}
