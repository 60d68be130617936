import { check } from './check.js';
import { optional, type Schema, strictObject } from './shapes.js';

/**
 * How texts on the command line become the value of an option. 'switch': `--word`, `--no-word`. 'text', 'number': one
 * value. 'size': `640` or `640x480`. 'list': words separated by commas. 'texts': each time one text. 'by-label': `LABEL=N`.
 * 'groups': each time a group of labels, separated by commas.
 */
export type Form = 'switch' | 'text' | 'number' | 'size' | 'list' | 'texts' | 'by-label' | 'groups';

/** An option's word on the command line. */
export interface Word {
  form: Form;
  /** A sentence for the help; choices and default are added to it. */
  help: string;
  /** What stands for the value in the help. Default: by the form */
  value?: string;
  /** The values that it takes, where they are few. */
  choices?: readonly string[];
  /** What completion offers for the value. Default: the choices */
  completes?: 'files' | 'labels' | 'formats' | 'maps' | 'models';
  /** A letter that means the same, after one dash. */
  short?: string;
  /** Another word that means the same. */
  also?: string;
  /** What the help says for the default where the option has no value by default. */
  otherwise?: string;
  /** Whether it is one of those that the help shows first. */
  common?: boolean;
  /** Its title in the help. */
  group?: string;
}

/** Sets of defaults for all options at once. */
export const PRESETS = ['use', 'evaluation'] as const;

export type Preset = (typeof PRESETS)[number];

/** One option: what it may be, its default, its words on the command line. The comment above an entry documents it. */
export interface Option<Value> {
  schema: Schema<Value>;
  /** The value if none is given. Default: none; the option's comment says what that means */
  default?: Value;
  /** The same with `preset: 'evaluation'`, where that differs. */
  evaluation?: Value;
  /** Default: it is not on the command line */
  words?: Readonly<Record<string, Word>>;
  required?: boolean;
}

/** An option that is never missing, because it has a default. */
export interface DefaultedOption<Value> extends Option<Value> {
  default: Value;
}

/** An option that must be given. */
export interface RequiredOption<Value> extends Option<Value> {
  required: true;
}

/** The options of a function or a command, by name. */
export type OptionTable = Readonly<Record<string, Option<unknown>>>;

type ValueOf<Of> = Of extends Option<infer Value> ? Value : never;
type NamesOf<Table, Kind> = { [Name in keyof Table]: Table[Name] extends Kind ? Name : never }[keyof Table];
type Required<Table> = NamesOf<Table, RequiredOption<unknown>>;
type Defaulted<Table> = NamesOf<Table, RequiredOption<unknown> | DefaultedOption<unknown>>;

/** What a caller may give. */
export type OptionsOf<Table> = {
  -readonly [Name in keyof Table as Name extends Required<Table> ? never : Name]?: ValueOf<Table[Name]>;
} & { -readonly [Name in keyof Table as Name extends Required<Table> ? Name : never]: ValueOf<Table[Name]> };

/** The same with every default in place; options without one may still be missing. */
export type SettledOptions<Table> = {
  -readonly [Name in keyof Table as Name extends Defaulted<Table> ? never : Name]?: ValueOf<Table[Name]>;
} & { -readonly [Name in keyof Table as Name extends Defaulted<Table> ? Name : never]: ValueOf<Table[Name]> };

/** The schema alone says what the values are. */
type More<Value> = Omit<Option<NoInfer<Value>>, 'schema' | 'required'>;

export function option<Value>(
  schema: Schema<Value>,
  more: More<Value> & { default: NoInfer<Value> },
): DefaultedOption<Value>;
export function option<Value>(schema: Schema<Value>, more?: More<Value>): Option<Value>;
export function option<Value>(schema: Schema<Value>, more: More<Value> = {}): Option<Value> {
  return { schema, ...more };
}

export function requiredOption<Value>(schema: Schema<Value>, more: More<Value> = {}): RequiredOption<Value> {
  return { schema, ...more, required: true };
}

/** @throws SigboxError E_ARGUMENT  an unknown option, one that is not as its schema says, one that is missing */
export type OptionsCheck<Table> = (given: unknown, where: string) => OptionsOf<Table>;

/**
 * The check of a table's options. What it gives is a copy: later changes to the caller's objects have no effect.
 *
 *     const checkDetectOptions = optionsCheck(DETECT_OPTIONS);
 *     const options = checkDetectOptions(given, 'detect');
 */
export function optionsCheck<const Table extends OptionTable>(table: Table): OptionsCheck<Table> {
  const fields = Object.entries(table).map(([name, { schema, required = false }]) => {
    return [name, required ? schema : optional(schema)] as const;
  });
  const schema = strictObject(Object.fromEntries(fields));
  return (given, where) =>
    copied(check(schema, given === undefined ? {} : given, { where, path: 'options' })) as OptionsOf<Table>;
}

/** Options with every default in place. */
export function withDefaults<const Table extends OptionTable>(
  table: Table,
  given: OptionsOf<Table>,
  preset: Preset = 'use',
): SettledOptions<Table> {
  const defaults = Object.entries(table).flatMap(([name, each]) => {
    const value = preset === 'evaluation' && each.evaluation !== undefined ? each.evaluation : each.default;
    return value === undefined ? [] : [[name, copied(value)] as const];
  });
  return { ...Object.fromEntries(defaults), ...given } as unknown as SettledOptions<Table>;
}

/** Lists and records are copied, down to the bottom; what is neither, as a signal or a URL, is what it is. */
function copied(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(copied);
  if (!isRecord(value)) return value;
  return Object.fromEntries(Object.entries(value).map(([key, each]) => [key, copied(each)]));
}

function isRecord(value: unknown): value is Record<string, unknown> {
  if (typeof value !== 'object' || value === null) return false;
  const prototype = Object.getPrototypeOf(value);
  return prototype === Object.prototype || prototype === null;
}

/** The options that a table has. */
export function pick<Table extends OptionTable>(options: object, table: Table): OptionsOf<Table> {
  return Object.fromEntries(Object.entries(options).filter(([name]) => Object.hasOwn(table, name))) as OptionsOf<Table>;
}
