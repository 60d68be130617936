import * as v from 'valibot';
import { didYouMean } from './nearest-name.js';

/** What a value must be. Its message says so in words that follow "to be". */
export type Schema<Output> = v.GenericSchema<unknown, Output>;

/** The type of the values that a schema accepts. */
export type Infer<Of extends v.GenericSchema> = v.InferOutput<Of>;

/** A field of an object: a schema, or one made by `optional`, `withDefault` or `nullish`. */
export type ObjectFields = v.ObjectEntries;

/** A schema of objects. Its type names the fields one by one, so that their comments reach the editors of callers. */
export interface ObjectSchema<Of extends ObjectFields>
  extends Schema<v.InferOutput<v.StrictObjectSchema<Of, undefined>>> {
  readonly fields: Of;
}

/** A value that passes a test. @param expected  in words that follow "to be" */
export function word<Output>(expected: string, holds: (value: unknown) => boolean): Schema<Output> {
  return v.custom<Output>(holds, expected);
}

/** The same schema with one more test. @param expected  in words that follow "to be" */
export function refine<Output>(
  schema: Schema<Output>,
  expected: string,
  holds: (value: Output) => boolean,
): Schema<Output> {
  return v.pipe(schema, v.check(holds, expected));
}

/** A field that contradicts the others, and what it must be in words that follow "to be". */
export interface Misfit<Output> {
  field: keyof Output & string;
  expected: string;
}

/** The same schema of objects with a rule between fields. @param misfitOf  null: the fields agree */
export function related<Output extends object>(
  schema: Schema<Output>,
  misfitOf: (value: Output) => Misfit<Output> | null,
): Schema<Output> {
  return v.pipe(
    schema,
    v.rawCheck(({ dataset, addIssue }) => {
      const misfit = dataset.typed ? misfitOf(dataset.value) : null;
      if (misfit === null) return;
      const input = dataset.value as Record<string, unknown>;
      const value = input[misfit.field];
      addIssue({
        message: misfit.expected,
        input: value,
        path: [{ type: 'object', origin: 'value', input, key: misfit.field, value }],
      });
    }),
  );
}

/** One of several names. */
export interface NameSchema<Name extends string> extends Schema<Name> {
  readonly names: readonly Name[];
}

/** One of several names. */
export function oneOf<const Name extends string>(...names: readonly Name[]): NameSchema<Name> {
  const schema = word<Name>(listed(names), (value) => names.includes(value as Name));
  return { ...schema, names } as NameSchema<Name>;
}

/** One value only, as a file's format or version. */
export function literal<const Value extends string | number>(value: Value): Schema<Value> {
  return word(JSON.stringify(value), (given) => given === value);
}

/** A value that one of several schemas accepts; the first one that does gives the result. */
export function either<const Members extends readonly v.GenericSchema[]>(
  expected: string,
  ...members: Members
): Schema<v.InferOutput<Members[number]>> {
  return v.pipe(
    v.unknown(),
    v.rawTransform(({ dataset, addIssue, NEVER }) => {
      for (const member of members) {
        const result = v.safeParse(member, dataset.value);
        if (result.success) return result.output as v.InferOutput<Members[number]>;
      }
      addIssue({ message: expected });
      return NEVER;
    }),
  );
}

/** A field that may be missing or undefined; then the result lacks it. */
export function optional<Output>(schema: Schema<Output>): v.ExactOptionalSchema<Schema<Output>, undefined> {
  return v.exactOptional(schema);
}

/** A field with a default for when it is missing or undefined. */
export function withDefault<Output, const Default extends Output>(
  schema: Schema<Output>,
  value: Default,
): v.OptionalSchema<Schema<Output>, Default> {
  return v.optional(schema, value);
}

/** A field of other programs' files that may be missing or null. */
export function nullish<Output>(schema: Schema<Output>): v.NullishSchema<Schema<Output>, undefined> {
  return v.nullish(schema);
}

/** The same word, or null. */
export function orNull<Output>(schema: Schema<Output>): Schema<Output | null> {
  const { message } = schema as unknown as { message: string };
  return word(`${message}, or null`, (value) => value === null || v.safeParse(schema, value).success);
}

/** An array, copied. @param expected  its items in words, as 'names of outputs' */
export function list<Output>(expected: string, item: Schema<Output>, { min = 0 } = {}): Schema<Output[]> {
  const least = min === 0 ? '' : `${min === 1 ? 'one' : min} or more `;
  return array(`${least}${expected}`, item, (length) => length >= min);
}

/** An array of a fixed length, such as [width, height]. */
export function tuple<Output, const Length extends number>(
  expected: string,
  item: Schema<Output>,
  length: Length,
): Schema<Tuple<Output, Length>> {
  return array(expected, item, (given) => given === length) as Schema<Tuple<Output, Length>>;
}

type Tuple<Item, Length extends number, Items extends Item[] = []> = Items['length'] extends Length
  ? Items
  : Tuple<Item, Length, [...Items, Item]>;

function array<Output>(expected: string, item: Schema<Output>, fits: (length: number) => boolean): Schema<Output[]> {
  const holds = (value: unknown) => Array.isArray(value) && fits(value.length);
  return composed(holds, expected, (value, part) => {
    const { length } = value as unknown as unknown[];
    const items: Output[] = new Array(length);
    for (let i = 0; i < length; i++) items[i] = part(i, item); // holes as well
    return items;
  });
}

/** An object with any keys, such as labels, and values of one kind. */
export function record<Output>(expected: string, value: Schema<Output>): Schema<Record<string, Output>> {
  return composed(isPlain, expected, (input, part) => {
    return Object.fromEntries(Object.keys(input).map((name) => [name, part(name, value)]));
  });
}

/** An object with these fields and no others. */
export function strictObject<const Of extends ObjectFields>(fields: Of): ObjectSchema<Of> {
  const names = Object.keys(fields);
  return objectWith(fields, (name) => word(`${names.join(', ')}\n${didYouMean(names, name).trim()}`, () => false));
}

/** An object with these fields; others are dropped. For files of other programs. */
export function object<const Of extends ObjectFields>(fields: Of): ObjectSchema<Of> {
  return objectWith(fields, () => null);
}

/** An object with these fields; others are kept as they are. */
export function looseObject<const Of extends ObjectFields>(
  fields: Of,
): Schema<v.InferOutput<v.LooseObjectSchema<Of, undefined>>> {
  return objectWith(fields, () => v.unknown()) as never;
}

/** The same fields, of which only those named must be there; no defaults are filled in. */
export function partial<const Of extends ObjectFields, Name extends keyof Of>(
  fields: Of,
  ...required: readonly Name[]
): Schema<Pick<v.InferOutput<ObjectSchema<Of>>, Name> & Partial<v.InferOutput<ObjectSchema<Of>>>> {
  const bare = (field: ObjectFields[string]) => ('wrapped' in field ? field.wrapped : field) as Schema<unknown>;
  const entries = Object.entries(fields).map(([name, field]): [string, ObjectFields[string]] => {
    return [name, (required as readonly string[]).includes(name) ? bare(field) : optional(bare(field))];
  });
  return strictObject(Object.fromEntries(entries)) as never;
}

/** Objects of several kinds: the field `key` selects the schema. */
export function variant<const Of extends Readonly<Record<string, v.GenericSchema>>>(
  key: string,
  schemas: Of,
): Schema<v.InferOutput<Of[keyof Of]>> {
  const unknownKind = object({ [key]: oneOf(...Object.keys(schemas)) });
  return v.lazy((value) => {
    const kind = isPlain(value) ? value[key] : undefined;
    return typeof kind === 'string' && Object.hasOwn(schemas, kind) ? schemas[kind]! : unknownKind;
  }) as Schema<v.InferOutput<Of[keyof Of]>>;
}

/** @param schemaOf  of a field that is none of those; null: it is dropped */
function objectWith<const Of extends ObjectFields>(
  fields: Of,
  schemaOf: (name: string) => v.GenericSchema | null,
): ObjectSchema<Of> {
  const known = Object.entries(fields).map(([name, schema]) => {
    return { name, schema, mayLack: /^exact_opt|^null/.test(schema.type) };
  });
  const schema = composed(isPlain, 'an object', (input, part) => {
    const checked: Record<string, unknown> = {};
    for (const { name, schema, mayLack } of known) {
      if (!mayLack || input[name] !== undefined) checked[name] = part(name, schema);
    }
    for (const name of Object.keys(input)) {
      const other = Object.hasOwn(fields, name) || input[name] === undefined ? null : schemaOf(name);
      if (other !== null) Object.defineProperty(checked, name, { ...OWN, value: part(name, other) }); // also "__proto__"
    }
    return checked;
  });
  return { ...schema, fields } as unknown as ObjectSchema<Of>;
}

const OWN = { enumerable: true, writable: true, configurable: true };

/** Checks a part of a value by the part's own schema. Once one is refused, what is built counts for nothing. */
type PartCheck = <Output>(key: string | number, schema: v.GenericSchema<unknown, Output>) => Output;

/** A value made of parts. valibot's own schemas of this kind drop keys like "constructor", and are three times as large. */
function composed<Output>(
  holds: (value: unknown) => boolean,
  expected: string,
  build: (value: Record<string, unknown>, part: PartCheck) => Output,
): Schema<Output> {
  return v.pipe(
    v.custom<Record<string, unknown>>(holds, expected),
    v.rawTransform(({ dataset: { value: input }, addIssue }) => {
      let refused = false;
      return build(input, (key, schema) => {
        const value = input[key];
        const { issues, value: checked } = schema['~run']({ value }, {});
        if (issues !== undefined && !refused) {
          const [{ message, input: received, path = [] }] = issues;
          const place = { type: 'object', origin: 'value', input, key: String(key), value } as const;
          addIssue({ message, input: received, path: [place, ...path] });
          refused = true;
        }
        return checked as never;
      });
    }),
  );
}

export function isPlain(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** 'a', 'b' or 'c' */
function listed(values: readonly string[]): string {
  const quoted = values.map((value) => `'${value}'`);
  const last = quoted.pop();
  return quoted.length === 0 ? String(last) : `${quoted.join(', ')} or ${last}`;
}
