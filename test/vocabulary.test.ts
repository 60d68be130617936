import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';

// One exported name means one thing, and an enumeration of names is written once.

const src = fileURLToPath(new URL('../src/', import.meta.url));
/** AssemblyScript has its own names for the same kernels. */
const OTHER_LANGUAGE = /^kernels\/(assembly\/|module\.ts)/;

const files = new Map(
  readdirSync(src, { recursive: true, encoding: 'utf8' })
    .map((name) => name.replaceAll('\\', '/'))
    .filter((name) => /\.tsx?$/.test(name) && !OTHER_LANGUAGE.test(name))
    .sort()
    .map((name) => [name, readFileSync(join(src, name), 'utf8')]),
);

const DECLARED =
  /^export (?:declare )?(?:async )?(?:abstract )?(?:function\*?|const|let|class|interface|type|enum) ([\w$]+)/gm;
const RE_EXPORTED = /^export (?:type )?(?:\*|\{[^}]*\}) from/gm;

/** Entries of the package: what they export is declared elsewhere. */
const ENTRIES = ['index.ts', 'postprocess/index.ts', 'labels/rules/index.ts', 'review/review.ts'];

/** Names that a file declares for others. A type and a value of one name in one file are one thing. */
function exportedNames(source: string): string[] {
  return [...new Set([...source.matchAll(DECLARED)].map(([, name]) => name!))];
}

/** Sets of two or more names, as a union of types, a list, or the arguments of oneOf. */
function enumerations(source: string): string[] {
  const code = source.replace(/\/\*[\s\S]*?\*\/|(?<=^|\s)\/\/.*/g, '').replace(NOT_ENUMERATIONS, '');
  const name = String.raw`'[\w./-]+'`;
  const lists = new RegExp(
    `${name}(?:\\s*\\|\\s*${name})+|(?:oneOf\\(|\\[)\\s*${name}(?:,\\s*${name})+,?\\s*[)\\]]`,
    'g',
  );
  const sets = [...code.matchAll(lists)].map(([text]) => [...text.matchAll(/'([^']+)'/g)].map(([, each]) => each!));
  return [...new Set(sets.map((names) => [...new Set(names)].sort().join(' | ')))];
}

/** Names of fields, error codes and file endings are no enumerations of sigbox. */
const NOT_ENUMERATIONS = /\b(?:Pick|Omit|Exclude|Extract)<[^;{]*?>|'\.[a-z]+'|'E[A-Z_]+'/g;

/** Names that are in two files or more, with the files. */
function repeated(namesOf: (source: string) => string[]): Record<string, string[]> {
  const places = new Map<string, string[]>();
  for (const [file, source] of files) {
    for (const name of namesOf(source)) places.set(name, [...(places.get(name) ?? []), file]);
  }
  return Object.fromEntries([...places].filter(([, where]) => where.length > 1).sort());
}

test('no name is exported twice', () => {
  expect(repeated(exportedNames)).toEqual({});
});

test('only the entries export what others declare', () => {
  const passing = [...files].filter(([file, source]) => !ENTRIES.includes(file) && source.search(RE_EXPORTED) >= 0);
  expect(passing.map(([file]) => file)).toEqual([]);
});

test('no enumeration is written twice', () => {
  expect(repeated(enumerations)).toEqual({});
});

describe('the rules', () => {
  test('find names', () => {
    const source =
      "export type A = 1;\nexport const A = 1;\nexport async function b() {}\n  export const no = 1;\nexport { c } from './c.js';";
    expect(exportedNames(source)).toEqual(['A', 'b']);
  });

  test.each([
    ["type A = 'x' | 'y';", ['x | y']],
    ["const a = ['y', 'x'] as const;", ['x | y']],
    ["oneOf(\n  'x',\n  'y',\n)", ['x | y']],
    ["type A = Pick<B, 'x' | 'y'>;", []],
    ["// 'x' | 'y'\n/** ['x', 'y'] */", []],
    ["f('x', 'y')", []],
    ["['.csv', '.tsv'].includes(ending)", []],
  ])('find enumerations in %j', (source, found) => {
    expect(enumerations(source)).toEqual(found);
  });
});
