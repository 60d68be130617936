/** An id as a rule is a number; some files have text. */
export type Id = number | string;

/**
 * Content of a field of an entry.
 *
 * number: finite · flag: true, false or a number · id: a number or text · text: a string · label: a string of which few differ
 * · box: four finite numbers · ids: a list of ids · json: anything, parsed.
 */
export type FieldKind = 'number' | 'flag' | 'id' | 'text' | 'label' | 'box' | 'ids' | 'json';

/** The fields of an entry, by name; all others are skipped. Null stands for a missing field. */
export type Fields = Readonly<Record<string, FieldKind | Items>>;

/** Entries of a list: what they hold, and who takes them. */
export interface Items {
  fields: Fields;
  /** Fields without which an entry is an error. */
  required?: readonly string[];
  /** Called once per entry, in the order of the file. The entry is overwritten by the next one. */
  visit(entry: JsonEntry): void;
  /**
   * Called before an entry is read. Entries of lists inside it are visited before it is itself; if its bytes come in two
   * parts, it is begun and they are visited again.
   */
  begin?(): void;
}

/** One object of a list, as columns: numbers by the slot of their field. */
export class JsonEntry {
  /** Position in its list, from 0. */
  index = 0;
  /** Numbers by slot; a box has four. NaN: missing, or an id that is text. */
  readonly numbers: Float64Array;
  /** Strings by slot. */
  readonly texts: (string | undefined)[];
  /** Lists of ids and parsed values, by slot. */
  readonly values: unknown[];
  readonly #fail: (expected: string, received: unknown) => Error;

  constructor(slots: number, fail: (expected: string, received: unknown) => Error) {
    this.numbers = new Float64Array(slots).fill(Number.NaN);
    this.texts = new Array<string | undefined>(slots).fill(undefined);
    this.values = new Array<unknown>(slots).fill(undefined);
    this.#fail = fail;
  }

  /** Takes away what an earlier entry left in a slot. */
  clear(slot: number): void {
    this.numbers[slot] = Number.NaN;
    this.texts[slot] = undefined;
    this.values[slot] = undefined;
  }

  /** An id by its slot; undefined: missing. */
  id(slot: number): Id | undefined {
    const number = this.numbers[slot]!;
    return Number.isNaN(number) ? this.texts[slot] : number;
  }

  has(slot: number): boolean {
    return !Number.isNaN(this.numbers[slot]) || this.texts[slot] !== undefined || this.values[slot] !== undefined;
  }

  /** An error about this entry, with its place in the file. */
  fail(expected: string, received: unknown): Error {
    return this.#fail(expected, received);
  }
}

/** The first slot of each field, in the order of the fields. */
export function slotsOf<Name extends string>(fields: Record<Name, FieldKind | Items>): Record<Name, number> {
  let next = 0;
  const slots = Object.entries<FieldKind | Items>(fields).map(([name, kind]) => {
    const slot = next;
    next += kind === 'box' ? 4 : 1;
    return [name, slot];
  });
  return Object.fromEntries(slots);
}
