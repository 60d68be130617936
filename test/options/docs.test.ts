import { readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { EVALUATE_OPTIONS } from '../../src/evaluate/options.js';
import { DECODING_OPTIONS } from '../../src/options/detect-options.js';
import { MAP_OPTIONS, MODEL_OPTIONS, RUNNING_OPTIONS } from '../../src/options/detector-options.js';
import { POSTPROCESS_OPTIONS } from '../../src/postprocess/options/postprocess-options.js';
import { STYLE_OPTIONS } from '../../src/render/draw-style.js';
import { DISCOVER_OPTIONS, RUN_OPTIONS, WRITING_OPTIONS } from '../../src/runs/run-options.js';
import { type DocumentedOption, documentedOptions, markdownTable, written } from './documented-options.js';

// docs/options.md has the tables of options as the code has them. UPDATE=1 writes them anew.

const { ...run } = Object.fromEntries(
  Object.entries(RUN_OPTIONS).filter(
    ([name]) => !(name in WRITING_OPTIONS) && !(name in DISCOVER_OPTIONS) && !(name in STYLE_OPTIONS),
  ),
);

const TABLES: Record<string, DocumentedOption[]> = {
  postprocess: documentedOptions(POSTPROCESS_OPTIONS, 'postprocess/options/postprocess-options.ts'),
  model: documentedOptions({ ...MODEL_OPTIONS, ...MAP_OPTIONS, ...RUNNING_OPTIONS }, 'options/detector-options.ts'),
  reading: documentedOptions(DECODING_OPTIONS, 'options/detect-options.ts'),
  run: documentedOptions(run, 'runs/run-options.ts'),
  style: documentedOptions(STYLE_OPTIONS, 'render/draw-style.ts'),
  files: documentedOptions({ ...DISCOVER_OPTIONS, ...WRITING_OPTIONS }, 'runs/run-options.ts'),
  evaluate: documentedOptions(EVALUATE_OPTIONS, 'evaluate/options.ts'),
};

const DOCS = fileURLToPath(new URL('../../docs/options.md', import.meta.url));
const UPDATE = process.env.UPDATE === '1';

test.each(Object.keys(TABLES))('docs/options.md has the table "%s" as it is', (name) => {
  const docs = readFileSync(DOCS, 'utf8');
  const [begin, end] = [`<!-- options: ${name} -->\n`, '<!-- end of options -->'];
  const from = docs.indexOf(begin) + begin.length;
  const to = docs.indexOf(end, from);
  expect([from >= begin.length, to >= 0]).toEqual([true, true]);
  const table = `${markdownTable(TABLES[name]!)}\n`;
  if (UPDATE) writeFileSync(DOCS, docs.slice(0, from) + table + docs.slice(to));
  else expect(docs.slice(from, to)).toBe(table);
});

test.each(Object.entries(TABLES))('the comments of "%s" say the defaults that the options have', (_, options) => {
  for (const { name, option, stated } of options) {
    if (option.default === undefined) continue;
    expect(`${name}: Default ${stated}`).toBe(`${name}: Default ${written(option.default)}`);
  }
});
