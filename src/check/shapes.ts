import * as v from 'valibot';
import { didYouMean } from './nearest-name.js';

/** What a value must be. Its message says so in words that follow "to be". */
export type Schema<Output> = v.GenericSchema<unknown, Output>;

/** The type of what a schema lets pass. */
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

/** A field that does not go with the others, and what it must be in words that follow "to be". */
export interface Misfit<Output> {
  field: keyof Output & string;
  expected: string;
}

/** The same schema of objects with a rule between fields. @param misfitOf  null where they go together */
export function related<Output extends object>(
  schema: Schema<Output>,
  misfitOf: (value: Output) => Misfit<Output> | null,
): Schema<Output> {
  return v.pipe(
    schema,
    v.rawCheck(({ dataset, addIssue }) => {
      const misfit = dataset.typed ? misfitOf(dataset.value) : null;
      if (misfit === null) return;
      const [input, key] = [dataset.value as Record<string, unknown>, misfit.field];
      const place: v.ObjectPathItem = { type: 'object', origin: 'value', input, key, value: input[key] };
      addIssue({ message: misfit.expected, input: input[key], path: [place] });
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

/** What one of several schemas lets pass; the first that does so gives the value. */
export function either<const Members extends readonly v.GenericSchema[]>(
  expected: string,
  ...members: Members
): Schema<v.InferOutput<Members[number]>> {
  return v.union(members, expected);
}

/** A field that may be missing or undefined; then the result lacks it. */
export function optional<Output>(schema: Schema<Output>): v.ExactOptionalSchema<Schema<Output>, undefined> {
  return v.exactOptional(schema);
}

/** A field with a value for where it is missing or undefined. */
export function withDefault<Output, const Default extends Output>(
  schema: Schema<Output>,
  value: Default,
): v.OptionalSchema<Schema<Output>, Default> {
  return v.optional(schema, value);
}

/** A field of foreign files that may be missing, or null where it says nothing. */
export function nullish<Output>(schema: Schema<Output>): v.NullishSchema<Schema<Output>, undefined> {
  return v.nullish(schema);
}

/** What a word lets pass, or null. */
export function orNull<Output>(schema: Schema<Output>): Schema<Output | null> {
  const { message } = schema as unknown as { message: string };
  return word(`${message}, or null`, (value) => value === null || v.is(schema, value));
}

/** An array, copied. @param expected  its items in words, as 'names of outputs' */
export function list<Output>(expected: string, item: Schema<Output>, { min = 0 } = {}): Schema<Output[]> {
  const least = min === 0 ? '' : `${min === 1 ? 'one' : min} or more `;
  return array(`${least}${expected}`, item, (length) => length >= min);
}

/** An array with so many items, as [width, height]. */
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
  const isFit = (value: unknown) => Array.isArray(value) && fits(value.length);
  return v.pipe(v.custom<unknown[]>(isFit, expected), v.array(item));
}

/** An object with any names, as labels, that each have a value of one kind. */
export function record<Output>(expected: string, value: Schema<Output>): Schema<Record<string, Output>> {
  return v.pipe(
    v.custom<Record<string, unknown>>(isPlain, expected),
    // v.record would drop a label called "constructor" without a word.
    v.rawTransform(({ dataset: { value: input }, addIssue, NEVER }) => {
      const checked: [string, Output][] = [];
      for (const [key, each] of Object.entries(input)) {
        const result = v.safeParse(value, each, { abortEarly: true });
        if (!result.success) {
          const [{ message, input: received, path = [] }] = result.issues;
          const place: v.ObjectPathItem = { type: 'object', origin: 'value', input, key, value: each };
          addIssue({ message, input: received, path: [place, ...path] });
          return NEVER;
        }
        checked.push([key, result.output]);
      }
      return Object.fromEntries(checked);
    }),
  );
}

/** An object with these fields and no others. */
export function strictObject<const Of extends ObjectFields>(fields: Of): ObjectSchema<Of> {
  return exactly(fields, () => true);
}

/** An object with these fields; others are dropped. For files of other programs. */
export function object<const Of extends ObjectFields>(fields: Of): ObjectSchema<Of> {
  return exactly(fields, (name) => Object.hasOwn(fields, name));
}

/** An object with these fields; others are kept as they are. */
export function looseObject<const Of extends ObjectFields>(
  fields: Of,
): Schema<v.InferOutput<v.LooseObjectSchema<Of, undefined>>> {
  return v.pipe(
    fieldsOf(fields, () => true),
    v.looseObject(fields),
  );
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

/** Objects of several kinds: the field `key` tells which schema is theirs. */
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

function exactly<Of extends ObjectFields>(fields: Of, isRead: (name: string) => boolean): ObjectSchema<Of> {
  const names = Object.keys(fields);
  const unknown = (issue: v.StrictObjectIssue) => `${names.join(', ')}\n${didYouMean(names, String(issue.input))}`;
  return { ...v.pipe(fieldsOf(fields, isRead), v.strictObject(fields, unknown)), fields } as ObjectSchema<Of>;
}

/** The fields that are read and not undefined; one that must be there is named, so that its own schema complains. */
function fieldsOf(fields: ObjectFields, isRead: (name: string) => boolean): Schema<Record<string, unknown>> {
  const required = Object.keys(fields).filter((name) => !/optional$|^nullish$/.test(fields[name]!.type));
  return v.pipe(
    v.custom<Record<string, unknown>>(isPlain, 'an object'),
    v.transform((value) => {
      const read: Record<string, unknown> = Object.create(null); // a field may be called __proto__
      for (const name of Object.keys(value)) if (value[name] !== undefined && isRead(name)) read[name] = value[name];
      for (const name of required) if (!(name in read)) read[name] = undefined;
      return read;
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
