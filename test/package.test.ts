import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { root, run, sample } from './support/run.js';
import { temporaryFolder } from './support/temporary-folder.js';

const onWindows = process.platform === 'win32';

async function succeed(command: string, args: string[], cwd: string): Promise<string> {
  const options = { cwd, env: { ONNXRUNTIME_NODE_INSTALL: 'skip' } }; // the CPU library comes with the package
  const { status, stdout, stderr } = onWindows
    ? await run('cmd', ['/c', command, ...args], options)
    : await run(command, args, options);
  expect(status, `${command} ${args.join(' ')}: ${stderr}`).toBe(0);
  return stdout;
}

describe('the package, as a user installs it', () => {
  test('holds what it needs and nothing else, and works in an empty folder', async () => {
    const folder = (await temporaryFolder()).replaceAll('\\', '/');
    const packed = await succeed('npm', ['pack', '--json', '--ignore-scripts', '--pack-destination', folder], root);
    const [{ filename, files }] = JSON.parse(packed) as [{ filename: string; files: { path: string }[] }];
    const paths = files.map(({ path }) => path);
    for (const path of [
      'dist/index.js',
      'dist/index.d.ts',
      'dist/cli/main.js',
      'dist/postprocess.js',
      'dist/postprocess/index.d.ts',
      'fonts/unifont.ttf',
      'NOTICE',
      'LICENSE',
    ]) {
      expect(paths).toContain(path);
    }
    expect(paths.filter((path) => path.endsWith('.onnx'))).toEqual(['models/ssdlite-mobilenet-v2-coco.onnx']);
    const expected = /^(dist|fonts|models)\/|^(package\.json|README\.md|LICENSE|NOTICE|CHANGELOG\.md)$/;
    expect(paths.filter((path) => !expected.test(path) || /\.ts$/.test(path.replace(/\.d\.ts$/, '')))).toEqual([]);

    await writeFile(join(folder, 'package.json'), '{"type":"module","private":true}');
    const tarball = join(folder, filename);
    await succeed('npm', ['install', tarball, '--prefer-offline', '--no-audit', '--no-fund'], folder);

    await writeFile(
      join(folder, 'use.mjs'),
      `import { createDetector } from 'sigbox';
      const detector = await createDetector();
      const { detections } = await detector.detect(process.argv[2]);
      console.log(detections.map(({ label }) => label).join());
      await detector.close();`,
    );
    expect(await succeed('node', ['use.mjs', sample('street.jpg')], folder)).toMatch(/car/);

    await writeFile(
      join(folder, 'postprocess.mjs'),
      `import { nms } from 'sigbox/postprocess';
      const boxes = Float32Array.of(0, 0, 2, 2, 0, 0, 2, 1.5, 5, 5, 6, 6);
      console.log(nms(boxes, Float32Array.of(0.5, 0.75, 0.25), new Uint16Array(3)).join());`,
    );
    expect(await succeed('node', ['postprocess.mjs'], folder)).toBe('1,2\n');
    // Browsers, and bundlers for them, take the one file.
    expect(await succeed('node', ['--conditions=browser', 'postprocess.mjs'], folder)).toBe('1,2\n');

    const { version } = JSON.parse(await readFile(join(root, 'package.json'), 'utf8'));
    expect(await succeed('npx', ['--no-install', 'sigbox', '--version'], folder)).toBe(`${version}\n`);
    expect(await succeed('npx', ['--no-install', 'sigbox', 'detect', sample('street.jpg')], folder)).toMatch(
      /\n {2}car /,
    );
  }, 300_000); // installing takes as long as it takes; the default is meant for code of our own
});
