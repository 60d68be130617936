import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { type Line, readLines } from '../../src/files/lines.js';
import { temporaryFolder } from '../support/temporary-folder.js';

test.each([
  ['none', '', []],
  ['one', 'a\n', [{ text: 'a', start: 0, end: 2, ended: true }]],
  ['one that is cut off', 'é', [{ text: 'é', start: 0, end: 2, ended: false }]],
  [
    'an empty one, and Windows line ends',
    'a\r\n\nb\r\n',
    [
      { text: 'a', start: 0, end: 3, ended: true },
      { text: '', start: 3, end: 4, ended: true },
      { text: 'b', start: 4, end: 7, ended: true },
    ],
  ],
  [
    'characters that are line ends elsewhere',
    'a\u2028b\u0085c\rd\n',
    [{ text: 'a\u2028b\u0085c\rd', start: 0, end: 11, ended: true }],
  ],
])('%s', async (_, content, lines) => {
  expect(await linesOf(content)).toEqual(lines);
});

test('lines longer than what is read at a time, letters across the border', async () => {
  const long = `${'é'.repeat(700_000)}x`;
  const lines = await linesOf(`ab\n${long}\n${long}`);
  expect(lines.map(({ text }) => text)).toEqual(['ab', long, long]);
  expect(lines.map(({ start, end, ended }) => [start, end, ended])).toEqual([
    [0, 3, true],
    [3, 1_400_005, true],
    [1_400_005, 2_800_006, false],
  ]);
});

async function linesOf(content: string): Promise<Line[]> {
  const file = join(await temporaryFolder(), 'lines.txt');
  await writeFile(file, content);
  const found: Line[] = [];
  for await (const line of readLines(file)) found.push(line);
  return found;
}
