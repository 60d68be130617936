import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeEach, describe, expect, test } from 'vitest';
import { readJsonLines, toJsonLine } from '../../../src/formats/jsonl/jsonl.js';
import type { DetectionResult } from '../../../src/types/detections.js';
import { complaint } from '../../support/complaint.js';
import { temporaryFolder } from '../../support/temporary-folder.js';
import { resultOf } from '../results.js';

const box: [number, number, number, number] = [Math.fround(0.1), 2, 30.5, 40];
let file: string;

beforeEach(async () => {
  file = join(await temporaryFolder(), 'unfiltered.jsonl');
});

describe('toJsonLine', () => {
  test('one line, its fields in their order', () => {
    const line = toJsonLine(resultOf('a\n"b".jpg', [box, [2, 0.9], [4, 0.8]]));
    const car = '"label":"car","classId":2,"score":0.9';
    const truck = '"label":"truck","classId":4,"score":0.8';
    expect(line).toBe(
      `{"image":"a\\n\\"b\\".jpg","width":640,"height":480,"detections":[{"box":[0.1,2,30.5,40],${car},"labels":[{${car}},{${truck}}]}]}\n`,
    );
  });

  test('nothing found, no name, damage', () => {
    const line = toJsonLine({ damage: 'cut off', ...resultOf(null) });
    expect(line).toBe('{"image":null,"width":640,"height":480,"detections":[],"damage":"cut off"}\n');
  });
});

describe('readJsonLines', () => {
  const results = [resultOf('a.jpg', [box, [2, 0.9]]), resultOf('b.jpg')];

  test.each([
    ['as written', (lines: string[]) => lines.join('')],
    ['without a last line feed', (lines: string[]) => lines.join('').trimEnd()],
    ['with Windows line ends', (lines: string[]) => lines.join('').replaceAll('\n', '\r\n')],
    ['with empty lines', (lines: string[]) => `\n${lines.join('\n')}\n`],
  ])('%s', async (_, written) => {
    await writeFile(file, written(results.map(toJsonLine)));
    const found = await read();
    expect(found.map(({ image }) => image)).toEqual(['a.jpg', 'b.jpg']);
    expect(found[0].detections[0].box.map(Math.fround)).toEqual(box);
    expect(found.map(toJsonLine)).toEqual(results.map(toJsonLine));
  });

  test('an empty file', async () => {
    await writeFile(file, '');
    expect(await read()).toEqual([]);
  });

  test('a line that is cut off', async () => {
    await writeFile(file, `${toJsonLine(results[0])}\n{"image":"b.j`);
    const message = /^.*unfiltered\.jsonl: line 3: cannot be read: .*JSON.*\.$/;
    await expect(read()).rejects.toThrow(complaint('E_IO', message));
  });

  test('no file', async () => {
    await expect(read()).rejects.toThrow(complaint('E_IO', /^[^\n]*unfiltered\.jsonl: cannot be read: ENOENT.*\.$/));
  });

  async function read(): Promise<DetectionResult[]> {
    const found: DetectionResult[] = [];
    for await (const result of readJsonLines(file)) found.push(result);
    return found;
  }
});
