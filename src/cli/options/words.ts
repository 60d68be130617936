import type { Form, Option, OptionTable, Word } from '../../check/option.js';

/** An option that a word gives a value to, and how. */
export interface Owner {
  name: string;
  option: Option<unknown>;
  form: Form;
}

/** A word of the command line. Some belong to two options: `--score 0.5`, `--score car=0.3`; `--model A`, `--model A --model B`. */
export interface KnownWord extends Word {
  word: string;
  owners: Owner[];
}

/** The words of a table by name, in the table's order. */
export function wordsOf(table: OptionTable): Map<string, KnownWord> {
  const known = new Map<string, KnownWord>();
  for (const [name, option] of Object.entries(table)) {
    for (const [word, how] of Object.entries(option.words ?? {})) {
      const owner = { name, option, form: how.form };
      const other = known.get(word);
      if (other === undefined) known.set(word, { ...how, word, owners: [owner] });
      else other.owners.push(owner);
    }
  }
  return known;
}

/** Words that every command understands. */
export const GLOBAL: ReadonlyMap<string, KnownWord> = new Map(
  (
    [
      { word: 'help', form: 'switch', help: 'Print the help with the most used options', short: 'h' },
      { word: 'help-all', form: 'switch', help: 'Print the help with every option' },
      { word: 'version', form: 'switch', help: 'Print the version', short: 'v' },
      {
        word: 'config',
        form: 'text',
        value: 'FILE',
        completes: 'files',
        help: 'JSON file with options; --no-config reads none',
        otherwise: 'sigbox.config.json, if it exists',
      },
    ] satisfies Omit<KnownWord, 'owners'>[]
  ).map((word) => [word.word, { ...word, owners: [] }]),
);

/** Whether a word may be repeated. */
export function isRepeatable({ owners }: KnownWord): boolean {
  return owners.some(({ form }) => ['list', 'texts', 'by-label', 'groups'].includes(form));
}
