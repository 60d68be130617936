import type { Form } from '../../check/option.js';
import type { Command } from '../command.js';
import { GLOBAL, type KnownWord, wordsOf } from '../options/words.js';
import { bold } from './colour.js';

const WIDEST = 110;
/** Column where sentences begin. */
const INDENT = 28;

/** The help of the whole command. */
export function mainHelp(commands: readonly Command[]): string {
  return [
    'sigbox: labelled boxes from any ONNX object detector',
    section('Usage', ['  sigbox COMMAND [options]']),
    section(
      'Commands',
      commands.flatMap(({ name, summary }) => entry(name, summary)),
    ),
    section('Options', [...GLOBAL.values()].flatMap(optionEntry)),
    section('Examples', [
      ...entry('sigbox detect photo.jpg', 'Print what is in a picture'),
      ...entry('sigbox annotate photos --out annotated', 'Annotate a folder into files'),
      ...entry('sigbox detect --help', 'The most used options of a command; --help-all: every option'),
    ]),
  ].join('\n\n');
}

/** @param all  whether every option is listed; otherwise those that are used most */
export function commandHelp({ name, usage, about, options, examples, notes }: Command, all: boolean): string {
  const words = [...wordsOf(options).values()];
  const common = words.filter((word) => word.common === true);
  const shown = all || common.length === 0 ? words : common;
  const more = words.length - shown.length;
  return [
    `${bold('Usage:')} sigbox ${name} ${usage}`.trimEnd() + (words.length > 0 ? ' [options]' : ''),
    wrap(about).join('\n'),
    ...(shown === words ? groupsOf(words) : [section('Most used options', shown.flatMap(optionEntry))]),
    ...(more > 0 ? [`${more} more options: sigbox ${name} --help-all`] : []),
    section(
      'Examples',
      examples.flatMap(([line, what]) => [`  ${line}`, ...wrap(what, 6)]),
    ),
    ...(notes === undefined ? [] : [wrap(notes).join('\n')]),
  ].join('\n\n');
}

function groupsOf(words: readonly KnownWord[]): string[] {
  const titles = [...new Set(words.map(({ group }) => group ?? 'Options'))];
  return titles.map((title) => {
    const own = words.filter(({ group }) => (group ?? 'Options') === title);
    return section(title, own.flatMap(optionEntry));
  });
}

function optionEntry(word: KnownWord): string[] {
  const { help, choices } = word;
  const one = choices === undefined ? '' : ` One of ${choices.join(', ')}.`;
  return entry(spelling(word), `${sentence(help)}${one}${defaultOf(word)}`);
}

/** ` Default: 0.35.`; '' for switches that are off and lists that are empty. */
function defaultOf({ word, owners, otherwise }: KnownWord): string {
  const { option } = owners[0] ?? {};
  const isFirst = Object.keys(option?.words ?? {})[0] === word; // a second word of an option has no default of its own
  const value = isFirst ? option?.default : undefined;
  if (otherwise !== undefined) return ` Default: ${otherwise}.`;
  if (typeof value === 'number' || typeof value === 'string') return ` Default: ${value}.`;
  if (Array.isArray(value) && value.length > 0) return ` Default: ${value.join(',')}.`;
  return '';
}

function spelling(known: KnownWord): string {
  const { word, also, short, owners, form } = known;
  const isOn = form === 'switch' && owners[0]?.option.default === true;
  const names = [isOn ? `no-${word}` : word, ...(also === undefined ? [] : [also])].map((name) => `--${name}`);
  const placeholder = placeholderOf(known);
  return [...(short === undefined ? [] : [`-${short}`]), ...names].join(', ') + (placeholder && ` ${placeholder}`);
}

const PLACEHOLDERS: Record<Form, string> = {
  ...{ switch: '', text: 'TEXT', number: 'N', size: 'SIZE', list: 'A,B', texts: 'TEXT', groups: 'A,B' },
  'by-label': 'LABEL=N',
};

export function placeholderOf({ value, owners, form, choices }: KnownWord): string {
  if (value !== undefined) return value;
  if (choices !== undefined) return 'NAME';
  const forms = owners.length === 0 ? [form] : owners.map((owner) => owner.form);
  return forms.map((each) => PLACEHOLDERS[each]).join('|');
}

function section(title: string, lines: readonly string[]): string {
  return [bold(`${title}:`), ...lines].join('\n');
}

/** A name and a sentence beside it, or below if the name is long. */
function entry(name: string, text: string): string[] {
  const lines = wrap(text, INDENT);
  const head = `  ${name}`;
  if (head.length > INDENT - 2) return [head, ...lines];
  return [head.padEnd(INDENT) + (lines[0] ?? '').trimStart(), ...lines.slice(1)];
}

function sentence(text: string): string {
  return /[.!?]$/.test(text) ? text : `${text}.`;
}

/** Lines as wide as the terminal, indented. */
function wrap(text: string, indent = 0): string[] {
  const width = Math.min(WIDEST, process.stdout.columns ?? 100) - indent;
  const lines: string[] = [];
  let line = '';
  for (const word of text.split(' ')) {
    if (line !== '' && line.length + 1 + word.length > width) {
      lines.push(line);
      line = word;
    } else line = line === '' ? word : `${line} ${word}`;
  }
  return [...lines, line].map((each) => ' '.repeat(indent) + each);
}
