import { parseArgs } from 'node:util';
import { SigboxError } from '../../errors.js';
import type { KnownWord } from './words.js';

/** An option as it stands on a command line. */
export interface Token {
  /** The word, as its table has it; as typed, with its dashes, if nobody knows it. */
  word: string;
  known: KnownWord | undefined;
  /** With its dashes, as it was typed: messages use this word. */
  typed: string;
  /** Of a switch: whether it is on. */
  value: string | boolean;
}

export interface Tokens {
  operands: string[];
  options: Token[];
}

/**
 * Splits a command line into options and operands. Words may be spelled `--picture-size` or `--pictureSize`, and `--no-`
 * turns a switch off; `--` ends the options.
 *
 * @param options.lenient  pass over mistakes, as who asks for help may make them. Default false
 * @throws SigboxError E_ARGUMENT  an option without its value, or a switch with one
 */
export function tokensOf(
  argv: readonly string[],
  words: ReadonlyMap<string, KnownWord>,
  { lenient = false }: { lenient?: boolean } = {},
): Tokens {
  const spellings = spellingsOf(words);
  const options = Object.fromEntries(
    [...spellings].map(([spelling, known]) => {
      const type = known.form === 'switch' ? ('boolean' as const) : ('string' as const);
      return [
        spelling,
        { type, multiple: true, ...(known.short === undefined ? {} : { short: known.short }) },
      ] as const;
    }),
  );
  const parsed = parseArgs({ args: [...argv], options, strict: false, allowPositionals: true, tokens: true });
  const tokens: Tokens = { operands: [], options: [] };
  for (const token of parsed.tokens) {
    if (token.kind === 'positional') tokens.operands.push(token.value);
    if (token.kind === 'option') {
      const option = optionOf(token, spellings);
      const mistake = lenient ? null : mistakeIn(token, option);
      if (mistake !== null) throw new SigboxError('E_ARGUMENT', mistake);
      tokens.options.push(option);
    }
  }
  return tokens;
}

interface Parsed {
  name: string;
  rawName: string;
  value: string | undefined;
  inlineValue: boolean | undefined;
}

function optionOf({ name, rawName, value }: Parsed, spellings: ReadonlyMap<string, KnownWord>): Token {
  const plain = spellings.get(name);
  const known = plain ?? (name.startsWith('no-') ? spellings.get(name.slice(3)) : undefined);
  const isOn = plain !== undefined;
  // Only switches can be turned off, and the one option that has a value by itself.
  if (known === undefined || (!isOn && known.form !== 'switch' && known.word !== 'config')) {
    return { word: rawName, known: undefined, typed: rawName, value: true };
  }
  const { word } = known;
  if (!isOn) return { word, known, typed: rawName, value: false };
  return { word, known, typed: rawName, value: known.form === 'switch' ? value !== 'false' : (value ?? '') };
}

/** What is wrong with an option's value, before anybody looks at what it says. */
function mistakeIn({ rawName, value, inlineValue }: Parsed, { word, known, value: read }: Token): string | null {
  if (known === undefined) return null;
  if (known.form === 'switch' || read === false) {
    if (
      value === undefined ||
      (read !== false && value === 'true') ||
      (value === 'false' && !rawName.startsWith('--no-'))
    )
      return null;
    return `${rawName}: expected no value, received ${JSON.stringify(value)}. Use --${word} or --no-${word}.`;
  }
  if (value === undefined) return `${rawName}: its value is missing.`;
  if (inlineValue === true || !/^--?[a-z]/i.test(value)) return null;
  return `${rawName}: its value is missing. If it is ${value}, write --${word}=${value}.`;
}

function spellingsOf(words: ReadonlyMap<string, KnownWord>): Map<string, KnownWord> {
  const spellings = new Map<string, KnownWord>();
  for (const known of words.values()) {
    for (const spelling of [known.word, ...(known.also === undefined ? [] : [known.also])]) {
      spellings.set(spelling, known);
      spellings.set(camelCase(spelling), known);
    }
  }
  return spellings;
}

function camelCase(word: string): string {
  return word.replace(/-([a-z])/g, (_, letter: string) => letter.toUpperCase());
}
