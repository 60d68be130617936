import { type FieldKind, type Id, type Items, JsonEntry, slotsOf } from './entry.js';
import type { JsonBytes } from './json-bytes.js';
import { LabelCache } from './label-cache.js';

const [QUOTE, BACKSLASH, NULL] = [0x22, 0x5c, 0x6e];
const [OPEN_OBJECT, CLOSE_OBJECT, OPEN_LIST, CLOSE_LIST] = [0x7b, 0x7d, 0x5b, 0x5d];

interface Field {
  name: string;
  /** Of the name and the quote behind it. */
  key: Uint8Array;
  kind: FieldKind | 'items';
  slot: number;
  /** Position among the fields; the next entry has probably the same order. */
  index: number;
  /** Its bit among the fields that an entry has had. */
  bit: number;
  /** Of a list of entries. */
  reader: EntryReader | null;
}

/** Reads objects with known fields out of a list, into one entry that is used again and again. */
export class EntryReader {
  readonly #scan: JsonBytes;
  readonly #items: Items;
  readonly #path: string;
  readonly #fields: Field[];
  readonly #required: number;
  /** The bits of all fields. */
  readonly #all: number;
  readonly #entry: JsonEntry;
  readonly #labels = new LabelCache();
  /** Where the entry begins in the window. */
  #start = 0;

  /** @param path  what the list is called in errors */
  constructor(scan: JsonBytes, items: Items, path: string) {
    this.#scan = scan;
    this.#items = items;
    this.#path = path;
    const slots = slotsOf(items.fields);
    const encoder = new TextEncoder();
    this.#fields = Object.entries(items.fields).map(([name, kind], i) => ({
      ...{ name, key: encoder.encode(`${name}"`), slot: slots[name]!, index: i, bit: 2 ** i },
      kind: typeof kind === 'string' ? kind : 'items',
      reader: typeof kind === 'string' ? null : new EntryReader(scan, kind, `${name}`),
    }));
    if (this.#fields.length > 30) throw new Error('entry-reader: at most 30 fields');
    const named = (name: string) => this.#fields.find((field) => field.name === name)!.bit;
    this.#required = (items.required ?? []).reduce((bits, name) => bits | named(name), 0);
    this.#all = 2 ** this.#fields.length - 1;
    const count = this.#fields.reduce((sum, { kind }) => sum + (kind === 'box' ? 4 : 1), 0);
    this.#entry = new JsonEntry(count, (expected, received) => this.#fail(expected, received));
  }

  /** Reads the next entry, and has it visited. @param index  its position in the list */
  read(index: number): void {
    const scan = this.#scan;
    const entry = this.#entry;
    entry.index = index;
    if (scan.peek() !== OPEN_OBJECT) throw this.#unexpected('an object');
    this.#start = scan.at++;
    this.#items.begin?.();
    let present = 0;
    if (scan.peek() === CLOSE_OBJECT) scan.at++;
    else {
      let hint = 0;
      do {
        const field = this.#readKey(hint);
        if (field === undefined) {
          scan.skipValue();
          continue;
        }
        if ((present & field.bit) !== 0) throw this.#fail(`field ${field.name} once`, 'it twice');
        hint = field.index + 1;
        if (this.#readField(field)) present |= field.bit;
      } while (scan.hasNext(CLOSE_OBJECT));
    }
    if (present !== this.#all) this.#clear(~present);
    this.#items.visit(entry);
  }

  /** The field of the key at the current position, behind whose colon the value follows; undefined: another one. */
  #readKey(hint: number): Field | undefined {
    const scan = this.#scan;
    if (scan.peek() !== QUOTE) throw this.#unexpected('a key in double quotes');
    const { bytes, at } = scan;
    let field: Field | undefined;
    for (let i = 0, k = hint; i < this.#fields.length && field === undefined; i++, k++) {
      const candidate = this.#fields[k % this.#fields.length]!;
      if (isAt(bytes, at + 1, candidate.key)) field = candidate;
    }
    if (field === undefined) {
      scan.skipString();
      if (bytes.subarray(at, scan.at).includes(BACKSLASH)) field = this.#escaped(at);
    } else scan.at += field.key.length + 1;
    scan.expect(0x3a, '":"');
    return field;
  }

  #escaped(start: number): Field | undefined {
    const end = this.#scan.at;
    this.#scan.at = start;
    const name = this.#scan.readString();
    this.#scan.at = end;
    return this.#fields.find((field) => field.name === name);
  }

  /** @returns false: it is null, and so missing */
  #readField({ kind, slot, name, reader }: Field): boolean {
    const scan = this.#scan;
    const byte = scan.peek();
    if (byte === NULL && kind !== 'json') {
      scan.readLiteral();
      return false;
    }
    const entry = this.#entry;
    if (kind === 'number') entry.numbers[slot] = this.#number(name, '');
    else if (kind === 'box') this.#readBox(slot, name);
    else if (kind === 'id') this.#readId(slot, name, byte);
    else if (kind === 'flag') {
      entry.numbers[slot] =
        byte === 0x74 || byte === 0x66 ? Number(scan.readLiteral()) : this.#number(name, ' or a boolean');
    } else if (kind === 'text') entry.texts[slot] = this.#text(name);
    else if (kind === 'label') entry.texts[slot] = this.#label(name);
    else if (kind === 'ids') entry.values[slot] = this.#ids(name);
    else if (kind === 'json') entry.values[slot] = scan.readValue();
    else reader!.readList(name, this);
    return true;
  }

  /** Reads a list of entries. */
  readList(name: string, parent: EntryReader): void {
    const scan = this.#scan;
    if (scan.peek() !== OPEN_LIST) throw parent.#unexpected(`${name} to be a list`);
    scan.at++;
    if (scan.peek() === CLOSE_LIST) {
      scan.at++;
      return;
    }
    let index = 0;
    do this.read(index++);
    while (scan.hasNext(CLOSE_LIST));
  }

  #number(name: string, or: string): number {
    const start = this.#scan.at;
    const byte = this.#scan.bytes[start]!;
    const expected = `${name} to be a number${or}`;
    if (byte !== 0x2d && (byte < 0x30 || byte > 0x39)) throw this.#unexpected(expected);
    const value = this.#scan.readNumber();
    if (!Number.isFinite(value)) throw this.#fail(expected, 'one beyond the range of float64', start);
    return value;
  }

  #readBox(slot: number, name: string): void {
    const scan = this.#scan;
    const expected = `${name} to be four numbers`;
    if (scan.peek() !== OPEN_LIST) throw this.#unexpected(expected);
    const start = scan.at++;
    const { numbers } = this.#entry;
    for (let i = 0; i < 4; i++) {
      const byte = scan.peek();
      if (byte !== 0x2d && (byte < 0x30 || byte > 0x39)) throw this.#unexpected(expected);
      const value = scan.readNumber();
      if (!Number.isFinite(value)) throw this.#fail(expected, 'one beyond the range of float64', start);
      numbers[slot + i] = value;
      if (scan.hasNext(CLOSE_LIST) !== i < 3) throw this.#fail(expected, i < 3 ? `${i + 1}` : 'more', start);
    }
  }

  #readId(slot: number, name: string, byte: number): void {
    if (byte === QUOTE) {
      this.#entry.texts[slot] = this.#label(name);
      this.#entry.numbers[slot] = Number.NaN;
    } else this.#entry.numbers[slot] = this.#number(name, ' or text');
  }

  #ids(name: string): Id[] {
    const scan = this.#scan;
    if (scan.peek() !== OPEN_LIST) throw this.#unexpected(`${name} to be a list of ids`);
    scan.at++;
    const ids: Id[] = [];
    if (scan.peek() === CLOSE_LIST) {
      scan.at++;
      return ids;
    }
    do ids.push(scan.peek() === QUOTE ? scan.readString() : this.#number(name, ' or text'));
    while (scan.hasNext(CLOSE_LIST));
    return ids;
  }

  #text(name: string): string {
    if (this.#scan.peek() !== QUOTE) throw this.#unexpected(`${name} to be a string`);
    return this.#scan.readString();
  }

  #label(name: string): string {
    const scan = this.#scan;
    if (scan.peek() !== QUOTE) throw this.#unexpected(`${name} to be a string`);
    const start = scan.at;
    const { bytes } = scan;
    let end = start + 1;
    while (bytes[end] !== QUOTE && bytes[end]! >= 0x20 && bytes[end] !== BACKSLASH) end++;
    const known = bytes[end] === QUOTE ? this.#labels.find(bytes, start + 1, end) : undefined;
    if (known !== undefined) {
      scan.at = end + 1;
      return known;
    }
    const text = scan.readString();
    if (bytes[end] === QUOTE) this.#labels.add(bytes, start + 1, end, text);
    return text;
  }

  /** Fields that this entry does not have. */
  #clear(bits: number): void {
    for (const { name, bit, slot, kind } of this.#fields) {
      if ((bits & bit) === 0) continue;
      if ((this.#required & bit) !== 0) throw this.#fail(`a field ${name}`, 'none');
      for (let i = 0; i < (kind === 'box' ? 4 : 1); i++) this.#entry.clear(slot + i);
    }
  }

  #unexpected(expected: string): unknown {
    return this.#scan.unexpected(`${this.#name()}: ${expected}`);
  }

  #fail(expected: string, received: unknown, at = this.#start): Error {
    return this.#scan.fail(expected, received, this.#name(), at);
  }

  #name(): string {
    return this.#path === '' ? String(this.#entry.index) : `${this.#path}.${this.#entry.index}`;
  }
}

function isAt(bytes: Uint8Array, at: number, key: Uint8Array): boolean {
  for (let i = 0; i < key.length; i++) if (bytes[at + i] !== key[i]) return false;
  return true;
}
