import { readFile } from 'node:fs/promises';
import type { Plugin } from 'esbuild';

/** Leaves out what only the command line needs of tables of options: the words. */
export const withoutWords: Plugin = {
  name: 'without words of the command line',
  setup(build) {
    build.onLoad({ filter: /[\\/]options[\\/][a-z-]+-options\.[jt]s$/ }, async ({ path }) => ({
      contents: stripWords(await readFile(path, 'utf8')),
      loader: path.endsWith('.ts') ? 'ts' : 'js',
    }));
  },
};

/** The same program with every property `words: { … }` left out. */
export function stripWords(source: string): string {
  let stripped = '';
  let at = 0;
  for (const { index } of source.matchAll(/\bwords: \{/g)) {
    stripped += source.slice(at, index);
    at = endOfObject(source, source.indexOf('{', index));
    if (source[at] === ',') at++;
  }
  return stripped + source.slice(at);
}

/** @param start  of an opening brace @returns the place behind the brace that closes it; strings may hold braces */
function endOfObject(source: string, start: number): number {
  const parts = /'(?:[^'\\]|\\.)*'|"(?:[^"\\]|\\.)*"|`(?:[^`\\]|\\.)*`|[{}]/g;
  parts.lastIndex = start;
  let depth = 0;
  for (let part = parts.exec(source); part !== null; part = parts.exec(source)) {
    if (part[0] === '{') depth++;
    if (part[0] === '}') depth--;
    if (depth === 0) return parts.lastIndex;
  }
  throw new Error(`an object that begins at ${start} has no end`);
}
