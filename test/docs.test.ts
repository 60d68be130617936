import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { describe, expect, test } from 'vitest';
import { root } from './support/run.js';

const below = (folder: string, pattern: RegExp) =>
  readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' })
    .map((name) => join(root, folder, name))
    .filter((path) => pattern.test(path) && !path.includes('node_modules'));
const pages = [
  ...readdirSync(root)
    .filter((name) => name.endsWith('.md'))
    .map((name) => join(root, name)),
  ...below('docs', /\.md$/),
  ...below('examples', /\.md$/),
];
const shown = (path: string) => relative(root, path).replaceAll('\\', '/');
const prose = (markdown: string) => markdown.replace(/^```.*?^```/gms, '');

/** Anchors as GitHub and the site make them of headings. */
function anchors(markdown: string): string[] {
  return [...prose(markdown).matchAll(/^#+ (.*)$/gm)].map(([, heading]) =>
    heading!
      .toLowerCase()
      .replace(/[^\p{L}\p{N}\s_-]/gu, '')
      .trim()
      .replace(/\s+/g, '-'),
  );
}

test.each(pages.map(shown))('the links of %s lead somewhere', (page) => {
  const path = join(root, page);
  const content = readFileSync(path, 'utf8');
  const dead = [...prose(content).matchAll(/\]\(([^)\s]+)\)/g)].flatMap(([, link]) => {
    if (/^[a-z]+:/.test(link!)) return [];
    const [file, anchor] = link!.split('#') as [string, string?];
    const target = file === '' ? path : join(dirname(path), file);
    if (!existsSync(target)) return [link];
    if (anchor === undefined || statSync(target).isDirectory()) return [];
    return anchors(readFileSync(target, 'utf8')).includes(anchor) ? [] : [link];
  });
  expect(dead).toEqual([]);
});

describe('code that pages show of the examples', () => {
  const blocks = below('docs', /\.md$/).flatMap((path) =>
    [...readFileSync(path, 'utf8').matchAll(/^```js\n\/\/ (examples\/\S+)\n(.*?)^```/gms)].map(
      ([, file, code]) => [shown(path), file!, code!] as const,
    ),
  );

  test.each(blocks)('%s: %s', (_, file, code) => {
    expect(code).toBe(readFileSync(join(root, file), 'utf8'));
  });

  test('are there', () => expect(blocks.length).toBeGreaterThan(4));
});
