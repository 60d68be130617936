import { copyFile, mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
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

/** A run that is stopped, and gone on with, as a TypeScript program does it. */
const RUN = `import { annotate, type AnnotateEvent, type AnnotateOptions } from 'sigbox';
  import { nms, type NmsOptions } from 'sigbox/postprocess';

  async function run(controller: AbortController) {
    const options: AnnotateOptions = { out: 'out', pictures: false, formats: ['yolo'], signal: controller.signal };
    let [todo, done, complete] = [-1, 0, false];
    for await (const event of annotate('photos', options) satisfies AsyncIterable<AnnotateEvent>) {
      if (event.type === 'start') todo = event.todo;
      if (event.type === 'image' && event.result !== null) done++;
      if (event.type === 'end') complete = event.complete;
      if (event.type === 'image' && todo === 20) controller.abort();
    }
    return { todo, done, complete };
  }
  const limits: NmsOptions = { iouThreshold: 0.5 };
  const kept: Uint32Array = nms(new Float32Array(4), new Float32Array(1), new Uint16Array(1), limits);
  const told = [];
  for (let i = 0; i < 3; i++) told.push(await run(new AbortController()));
  console.log(JSON.stringify(told.slice(0, 2 + kept.length)));
`;

test('the changes begin with those of this version', async () => {
  const { version } = JSON.parse(await readFile(join(root, 'package.json'), 'utf8'));
  const changes = await readFile(join(root, 'CHANGELOG.md'), 'utf8');
  expect(changes.match(/^## .*/m)![0]).toMatch(new RegExp(`^## ${version}( \\(\\d{4}-\\d\\d-\\d\\d\\))?$`));
});

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
      'docs/models.md', // the README's links work below node_modules
      'docs/street.jpg',
      'samples/street.jpg', // what its commands try things on
    ]) {
      expect(paths).toContain(path);
    }
    expect(paths.filter((path) => path.endsWith('.onnx'))).toEqual(['models/ssdlite-mobilenet-v2-coco.onnx']);
    const expected =
      /^(dist|fonts|models)\/|^(docs\/(ja\/)?[^/]+\.(md|jpg)|README\.ja\.md|samples\/\w+\.(jpg|yaml))$|^(package\.json|README\.md|LICENSE|NOTICE|CHANGELOG\.md)$/;
    expect(paths.filter((path) => !expected.test(path) || /\.ts$/.test(path.replace(/\.d\.ts$/, '')))).toEqual([]);

    await writeFile(join(folder, 'package.json'), '{"type":"module","private":true}');
    const tarball = join(folder, filename);
    await succeed('npm', ['publish', tarball, '--dry-run', '--offline'], folder); // a rehearsal of a release
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
    const oneFile = './node_modules/sigbox/dist/postprocess.js'; // for browsers, and bundlers for them
    const source = await readFile(join(folder, 'postprocess.mjs'), 'utf8');
    await writeFile(join(folder, 'one-file.mjs'), source.replace('sigbox/postprocess', oneFile));
    expect(await succeed('node', ['one-file.mjs'], folder)).toBe('1,2\n');

    await writeFile(join(folder, 'run.ts'), RUN);
    const tsc = join(root, 'node_modules/typescript/bin/tsc');
    const strict = [
      '--strict',
      '--target',
      'es2022',
      '--types',
      'node',
      '--typeRoots',
      join(root, 'node_modules/@types'),
    ];
    for (const [module, resolution] of [
      ['esnext', 'bundler'],
      ['node16', 'node16'],
    ] as const)
      await succeed('node', [tsc, ...strict, '--module', module, '--moduleResolution', resolution, 'run.ts'], folder);
    await mkdir(join(folder, 'photos'));
    for (let i = 0; i < 20; i++) await copyFile(sample('table.jpg'), join(folder, 'photos', `${i}.jpg`));
    const told = JSON.parse(await succeed('node', ['run.js'], folder));
    expect(told[0]).toMatchObject({ todo: 20, complete: false });
    expect(told[1]).toEqual({ todo: 20 - told[0].done, done: 20 - told[0].done, complete: true });
    expect(told[2]).toEqual({ todo: 0, done: 0, complete: true });

    const { version } = JSON.parse(await readFile(join(root, 'package.json'), 'utf8'));
    expect(await succeed('npx', ['--no-install', 'sigbox', '--version'], folder)).toBe(`${version}\n`);
    expect(await succeed('npx', ['--no-install', 'sigbox', 'detect', sample('street.jpg')], folder)).toMatch(
      /\n {2}car /,
    );

    if (process.platform !== 'linux') return;
    const slim = /^RUN (find node_modules\/onnxruntime-node\/.*)$/m.exec(
      await readFile(join(root, 'docs/install.md'), 'utf8'),
    )![1]!;
    await succeed('sh', ['-c', slim], folder);
    const builds = await readdir(join(folder, 'node_modules/onnxruntime-node/bin/napi-v6'), { recursive: true });
    expect(builds.filter((path) => path.endsWith('.node'))).toEqual([`linux/${process.arch}/onnxruntime_binding.node`]);
    expect(await succeed('node', ['use.mjs', sample('street.jpg')], folder)).toMatch(/car/);
  }, 300_000); // installing takes as long as it takes; the default is meant for code of our own
});
