import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import type { DetectionResult } from '../../src/index.js';
import { bin, root, run } from '../support/run.js';
import { temporaryFolder } from '../support/temporary-folder.js';

test('the demo shows label sets: what is a car is a vehicle', async () => {
  const { scripts } = JSON.parse(await readFile(join(root, 'package.json'), 'utf8'));
  const [, command] = /^npm run build && node dist\/cli\/main\.js (.*)$/.exec(scripts.demo)!;
  const out = join(await temporaryFolder(), 'annotated');
  const args = command!.split(' ').map((word) => (word === 'annotated' ? out : word));
  const { status, stderr } = await run(
    process.execPath,
    [bin, ...args, '--no-pictures', '--quiet', '--format', 'jsonl'],
    {
      cwd: root,
    },
  );
  expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
  const lines = (await readFile(join(out, 'annotations.jsonl'), 'utf8')).trimEnd().split('\n');
  const sets = lines.flatMap((line) => {
    const { image, detections }: DetectionResult = JSON.parse(line);
    return detections.map(({ labels }) => `${image}: ${labels.map(({ label }) => label).join(' · ')}`);
  });
  expect(sets).toContain('street.jpg: car · vehicle');
  expect(sets).toContain('street.jpg: person');
  expect(sets).toContain('table.jpg: orange · fruit · food');
});
