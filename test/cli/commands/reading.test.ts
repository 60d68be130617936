import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { folderOf } from '../../support/folder-of.js';
import { root, run } from '../../support/run.js';

const sigbox = (...args: string[]) => run(process.execPath, [join(root, 'dist/cli/main.js'), ...args]);

const object = (label: string, ...[x1, y1, x2, y2]: number[]) =>
  `<object><name>${label}</name><bndbox><xmin>${x1}</xmin><ymin>${y1}</ymin><xmax>${x2}</xmax><ymax>${y2}</ymax></bndbox></object>`;
const voc = (...objects: string[]) =>
  `<annotation><filename>a.jpg</filename><size><width>100</width><height>100</height></size>${objects.join('')}</annotation>`;
const result = JSON.stringify({
  ...{ image: 'a.jpg', width: 100, height: 100 },
  detections: [{ box: [10, 10, 50, 50], labels: [{ label: 'стол', score: 0.9 }] }],
});

/** VOC that a LabelMe file stands beside, in an encoding that can't be told, with a broken box. */
async function oddFolder() {
  const text = Buffer.from(voc(object('@@@@', 10, 10, 50, 50), '<object><name>broken</name></object>'), 'latin1');
  text.set([0xf1, 0xf2, 0xee, 0xeb], text.indexOf('@@@@'));
  const labelme = '{"shapes":[],"imagePath":"a.jpg"}';
  return folderOf({ 'truth/a.xml': text, 'truth/b.json': labelme, 'found.jsonl': `${result}\n` });
}

describe('--from, --encoding and --first-pixel', () => {
  const options = ['--from', 'voc', '--encoding', 'windows-1251', '--first-pixel', '0'];

  test('evaluate: each is asked for by name, and then followed', async () => {
    const folder = await oddFolder();
    const evaluate = (...more: string[]) =>
      sigbox('evaluate', join(folder, 'truth'), join(folder, 'found.jsonl'), ...more);
    const both = await evaluate();
    expect([both.status, both.stderr]).toEqual([
      64,
      expect.stringMatching(/voc \(a\.xml\) and labelme .*--from\): voc or labelme/),
    ]);
    const unknown = await evaluate('--from', 'voc');
    expect([unknown.status, unknown.stderr]).toEqual([66, expect.stringMatching(/Name the encoding .*--encoding\)/)]);
    const { status, stdout, stderr } = await evaluate(...options, '--json');
    expect(status).toBe(0);
    expect(stderr).toMatch(/truth: 1 entry is malformed: skipped \(.*object 2: expected a bndbox/);
    expect(JSON.parse(stdout).coco.AP).toBeCloseTo(1, 10);
  });

  test('export says the same of the same files', async () => {
    const folder = await oddFolder();
    const { status, stderr } = await sigbox(
      'export',
      join(folder, 'truth'),
      ...options,
      '--format',
      'jsonl',
      '--out',
      folder,
    );
    expect(status).toBe(0);
    expect(stderr).toMatch(/^sigbox: .*truth: 1 entry is malformed: skipped \(.*object 2: expected a bndbox.*\)\n$/);
    expect(JSON.parse(await readFile(join(folder, 'annotations.jsonl'), 'utf8')).detections).toMatchObject([
      { box: [10, 10, 50, 50], label: 'стол' },
    ]);
  });

  test.each(['evaluate', 'tune', 'calibrate', 'export'])('%s lists them all', async (command) => {
    const { stdout } = await sigbox(command, '--help-all');
    for (const word of ['--from', '--images', '--split', '--first-pixel', '--encoding']) expect(stdout).toContain(word);
  });
});
