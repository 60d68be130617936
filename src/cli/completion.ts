import { basename } from 'node:path';
import { complain } from '../errors.js';
import { FORMAT_NAMES } from '../formats/format.js';
import { COCO } from '../labels/lists/coco.js';
import { READY_MAPS } from '../labels/ready-maps.js';
import { KNOWN_MODELS } from '../model/hub/known-models.js';
import type { Command } from './command.js';
import { tokensOf } from './options/tokens.js';
import { GLOBAL, isRepeatable, type KnownWord, wordsOf } from './options/words.js';

/**
 * What may come next on a command line. Nothing where a file is meant: shells complete those themselves.
 *
 * @param line  the words behind `sigbox`; the last is the one that is being typed
 */
export function completions(line: readonly string[], commands: readonly Command[]): string[] {
  const words = joinedByEquals(line);
  const current = words.at(-1) ?? '';
  const before = words.slice(0, -1);
  const command = commands.find(({ name }) => before.includes(name));
  const known = new Map([...(command === undefined ? [] : wordsOf(command.options)), ...GLOBAL]);
  const [, name, start] = /^--([^=]+)=(.*)$/s.exec(current) ?? [];
  const behind = before.at(-1)?.startsWith('--') ? known.get(before.at(-1)!.slice(2)) : undefined;
  if (name !== undefined) return valuesAfter(known.get(name), start!, before);
  if (behind !== undefined && behind.form !== 'switch') return valuesAfter(behind, current, before);
  if (current.startsWith('-')) return optionsAfter(before, known).filter((word) => word.startsWith(current));
  return command === undefined ? commands.map((one) => one.name).filter((word) => word.startsWith(current)) : [];
}

/** bash splits words at equals signs. */
function joinedByEquals(line: readonly string[]): string[] {
  const words: string[] = [];
  for (const [i, word] of line.entries()) {
    const joins = word === '=' || (line[i - 1] === '=' && i > 1);
    if (joins && words.length > 0) words.push(`${words.pop()}${word}`);
    else words.push(word);
  }
  return words;
}

/** Words that may stand once, and stand there already, are left out. */
function optionsAfter(before: readonly string[], known: ReadonlyMap<string, KnownWord>): string[] {
  const used = new Set(tokensOf(before, known, { lenient: true }).options.map(({ word }) => word));
  return [...known.values()].flatMap((word) => {
    if (used.has(word.word) && !isRepeatable(word)) return [];
    const isOn = word.form === 'switch' && word.owners[0]?.option.default === true;
    return [`--${isOn ? 'no-' : ''}${word.word}`, ...(word.also === undefined ? [] : [`--${word.also}`])];
  });
}

function valuesAfter(known: KnownWord | undefined, typed: string, before: readonly string[]): string[] {
  if (known === undefined) return [];
  const forms = known.owners.map(({ form }) => form);
  const suffix = forms.includes('by-label') ? '=' : '';
  const isList = forms.some((form) => form === 'list' || form === 'groups');
  const done = isList ? typed.slice(0, typed.lastIndexOf(',') + 1) : '';
  const start = typed.slice(done.length);
  const values = valuesOf(known, before).filter((value) => value.startsWith(start));
  return values.map((value) => `${done}${value}${suffix}`);
}

function valuesOf({ choices, completes }: KnownWord, before: readonly string[]): readonly string[] {
  if (completes === 'labels') return before.some((word) => /^--(model|labels-file)\b/.test(word)) ? [] : COCO;
  if (completes === 'formats') return FORMAT_NAMES;
  if (completes === 'maps') return READY_MAPS;
  if (completes === 'models') return KNOWN_MODELS.map(({ name }) => name);
  return choices ?? [];
}

const SHELLS = ['bash', 'zsh', 'fish'] as const;

/** A script for a shell. @param shell  default: the one that $SHELL names */
export function completionScript(shell = basename(process.env.SHELL ?? 'bash')): string {
  const known = SHELLS.find((name) => name === shell);
  if (known !== undefined) return SCRIPTS[known];
  throw complain('E_ARGUMENT', { where: 'completion', expected: SHELLS.join(', '), received: shell });
}

/** Without sigbox on the path, the one of the project is asked. */
const ASK =
  '_sigbox_ask() { if command -v sigbox >/dev/null; then sigbox "$@"; else npx --no-install sigbox "$@"; fi; }';

const SCRIPTS = {
  bash: `# sigbox completion for bash: add this line to ~/.bashrc:  source <(sigbox completion bash)
${ASK}
_sigbox_from() {
  local IFS=$'\\n' skip=$1
  COMPREPLY=($(_sigbox_ask --get-completions "\${COMP_WORDS[@]:$skip:COMP_CWORD - skip + 1}" 2>/dev/null))
  COMPREPLY=("\${COMPREPLY[@]##*=}")
  [[ \${#COMPREPLY[@]} == 1 && \${COMPREPLY[0]} == '' ]] && COMPREPLY=()
  COMPREPLY=("\${COMPREPLY[@]// /\\\\ }")
}
_sigbox() { _sigbox_from 1; }
_sigbox_npx() { [[ \${COMP_WORDS[1]} == sigbox && $COMP_CWORD -gt 1 ]] && _sigbox_from 2; }
complete -o bashdefault -o default -F _sigbox sigbox
complete -p npx >/dev/null 2>&1 || complete -o bashdefault -o default -F _sigbox_npx npx`,
  zsh: `#compdef sigbox
# sigbox completion for zsh: add this line to ~/.zshrc, behind compinit:  source <(sigbox completion zsh)
${ASK}
_sigbox() {
  local -a found
  found=("\${(@f)$(_sigbox_ask --get-completions "\${(@)words[2,CURRENT]}" 2>/dev/null)}")
  if [[ -n "\${found[*]}" ]]; then compadd -- $found; else _files; fi
}
compdef _sigbox sigbox`,
  fish: `# sigbox completion for fish: save it as ~/.config/fish/completions/sigbox.fish
complete -c sigbox -a '(sigbox --get-completions (commandline -opc)[2..] (commandline -ct))'`,
} as const;
