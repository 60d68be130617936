import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { check } from '../../src/check/check.js';
import type { Option, OptionTable } from '../../src/check/option.js';

/** An option as its table and the comment above its entry say it. */
export interface DocumentedOption {
  name: string;
  option: Option<unknown>;
  /** The comment, in one line, without its last sentence. */
  about: string;
  /** What the comment says of the default; null if it says nothing. */
  stated: string | null;
}

/** @param file  of the table, below src/ */
export function documentedOptions(table: OptionTable, file: string): DocumentedOption[] {
  const source = readFileSync(fileURLToPath(new URL(`../../src/${file}`, import.meta.url)), 'utf8');
  return Object.entries(table).map(([name, option]) => {
    const comment = commentAbove(source, name);
    const [, about = comment, stated = null] = /^(.*?)\s*\bDefault:? (.+?)$/s.exec(comment) ?? [];
    return { name, option, about: about.replace(/\.$/, ''), stated };
  });
}

function commentAbove(source: string, name: string): string {
  const [, comment] = new RegExp(`^ *\\/\\*\\*((?:(?!\\*/)[^])*)\\*/\\s*${name}(?::|,)`, 'm').exec(source) ?? [];
  if (comment === undefined) throw new Error(`no comment stands above the option ${name}`);
  return comment.replace(/\s*\n\s*\* ?/g, ' ').trim();
}

/** A default as comments write it. */
export function written(value: unknown): string {
  return typeof value === 'string'
    ? `'${value}'`
    : JSON.stringify(value).replaceAll('"', "'").replaceAll("','", "', '");
}

/** A table in Markdown: option, word of the command, default, what it may be, what it does. */
export function markdownTable(options: readonly DocumentedOption[]): string {
  const rows = options.map(({ name, option, about, stated }) => {
    const { evaluation, words = {}, schema, required } = option;
    const word = Object.entries(words).map(([each, { also }]) =>
      [each, ...(also === undefined ? [] : [also])].map((one) => `\`--${one}\``),
    );
    const byDefault = required ? 'required' : (stated ?? (option.default === undefined ? '' : written(option.default)));
    const evaluates = evaluation === undefined ? '' : written(evaluation);
    return [`\`${name}\``, word.flat().join(', '), byDefault, evaluates, expectationOf(schema), about];
  });
  const head = ['option', 'command', 'default', 'evaluation', 'value', ''];
  const columns = head.map((_, i) => i).filter((i) => i !== 3 || rows.some((row) => row[3] !== ''));
  const line = (cells: readonly string[]) => `| ${columns.map((i) => cells[i]!.replaceAll('|', '\\|')).join(' | ')} |`;
  return [line(head), line(head.map(() => '---')), ...rows.map(line)].join('\n');
}

/** What a schema asks for, in the words in which it refuses what is nothing like it. */
function expectationOf(schema: Option<unknown>['schema']): string {
  try {
    check(schema, Symbol('nothing'), { where: 'x', path: 'value' });
  } catch (error) {
    const [, expectation = ''] = /expected value to be (.*), received/.exec((error as Error).message) ?? [];
    return expectation;
  }
  return 'anything';
}
