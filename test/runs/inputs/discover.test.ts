import { link, mkdir, readdir, stat, symlink, writeFile } from 'node:fs/promises';
import { dirname, join, relative, resolve } from 'node:path';
import { escapePath } from 'tinyglobby';
import { beforeEach, describe, expect, test, vi } from 'vitest';
import { discover } from '../../../src/runs/inputs/discover.js';
import { complaint } from '../../support/complaint.js';
import { temporaryFolder } from '../../support/temporary-folder.js';

vi.mock('node:fs/promises', { spy: true });

let folder: string;

beforeEach(async () => {
  folder = await temporaryFolder();
});

describe('folders', () => {
  test('every picture in it and below, by name; other files are counted', async () => {
    await files('b.jpg', 'sub/a.PNG', 'sub/deep/c.webp', 'a/z.gif', 'B.jpeg', 'notes.txt', 'sub/list.csv');
    const found = await discover([folder]);
    expect(found).toEqual({
      root: folder,
      images: ['B.jpeg', 'a/z.gif', 'b.jpg', 'sub/a.PNG', 'sub/deep/c.webp'].map(at),
      otherFiles: 2,
      unreadable: [],
    });
  });

  test('pictures that cannot be decoded are not passed over', async () => {
    const names = ['a.bmp', 'b.heic', 'c.ico', 'd.psd', 'e.cr2', 'f.ppm', 'g.jxl', 'h.svgz'];
    await files(...names);
    expect(await namesIn([folder])).toEqual(names);
  });

  test('names that only look like pictures', async () => {
    await files('a.jpg.txt', 'jpg', 'b.jpgx', 'c.mp4');
    expect(await discover([folder])).toMatchObject({ images: [], otherFiles: 4 });
  });

  test('hidden files and folders are passed over, not so an input', async () => {
    await files('.cache/a.jpg', '.hidden.jpg', 'b.jpg');
    expect(await discover([folder])).toMatchObject({ images: [at('b.jpg')], otherFiles: 0 });
    expect(await namesIn([join(folder, '.cache')])).toEqual(['a.jpg']);
  });

  test('an empty one', async () => {
    expect(await discover([folder])).toEqual({ root: folder, images: [], otherFiles: 0, unreadable: [] });
  });

  test('one that cannot be read is told, the others are gone through', async () => {
    await files('a/1.jpg', 'b/2.jpg');
    vi.mocked(readdir).mockRejectedValueOnce(new Error('EACCES: permission denied'));
    const found = await discover([join(folder, 'a'), join(folder, 'b')]);
    expect(found.images).toEqual([at('b/2.jpg')]);
    expect(found.unreadable).toEqual([{ path: join(folder, 'a'), reason: 'EACCES: permission denied' }]);
  });
});

describe('links', () => {
  test('to a file and to a folder are followed, each folder once', async () => {
    await files('real/a.jpg');
    await symlink(join(folder, 'real'), join(folder, 'linked'));
    await symlink(join(folder, 'real', 'a.jpg'), join(folder, 'b.jpg'));
    expect(await namesIn([folder])).toEqual(['b.jpg', 'linked/a.jpg']);
  });

  test('hard ones: each is an image', async () => {
    await files('a.jpg');
    await link(join(folder, 'a.jpg'), join(folder, 'b.jpg'));
    expect(await namesIn([folder])).toEqual(['a.jpg', 'b.jpg']);
  });

  test('in a circle', async () => {
    await files('sub/a.jpg');
    await symlink(folder, join(folder, 'sub', 'up'));
    expect(await namesIn([folder])).toEqual(['sub/a.jpg']);
  });

  test('to nothing: an image that fails when its turn comes', async () => {
    await symlink(join(folder, 'gone'), join(folder, 'a.jpg'));
    expect(await namesIn([folder])).toEqual(['a.jpg']);
  });
});

describe('files and patterns', () => {
  test('a file is itself, whatever its name', async () => {
    await files('picture.bin', 'other.jpg');
    expect(await discover([join(folder, 'picture.bin')])).toEqual({
      root: folder,
      images: [at('picture.bin')],
      otherFiles: 0,
      unreadable: [],
    });
  });

  test('a file with the signs of a pattern in its name', async () => {
    await files('a[1]*.jpg', 'a1.jpg');
    expect(await namesIn([join(folder, 'a[1]*.jpg')])).toEqual(['a[1]*.jpg']);
  });

  test('a file in the root of the file system', async () => {
    const path = resolve('/a.jpg');
    vi.mocked(stat).mockResolvedValueOnce({ isDirectory: () => false } as never); // as if it were there
    expect(await discover([path])).toMatchObject({ root: resolve('/'), images: [{ path, name: 'a.jpg' }] });
  });

  test('a pattern stands for the pictures that it matches', async () => {
    await files('a.jpg', 'b.png', 'c.txt', 'sub/d.jpg', 'sub/.e.jpg');
    expect(await namesIn([pattern('*')])).toEqual(['a.jpg', 'b.png']);
    expect(await namesIn([pattern('**/*.jpg')])).toEqual(['a.jpg', 'sub/d.jpg']);
    expect(await namesIn([pattern('{a,b}.*')])).toEqual(['a.jpg', 'b.png']);
  });

  test.each([
    [
      'nothing of that name',
      () => 'no such picture.jpg',
      'a file, a folder or a glob pattern, received "no such picture\\.jpg"\\. There is nothing of that name',
    ],
    [
      'a pattern that matches nothing',
      () => pattern('*.jpg'),
      'a pattern that matches pictures, received ".*\\*\\.jpg"\\. It matches 0 other files',
    ],
    [
      'a pattern that matches no pictures',
      () => pattern('*.t?t'),
      'a pattern that matches pictures, received ".*"\\. It matches 2 other files',
    ],
  ])('%s', async (_, input, message) => {
    await files('a.txt', 'b.txt');
    await expect(discover([input()])).rejects.toThrow(
      complaint('E_IO', new RegExp(`^annotate: expected ${message}\\.$`)),
    );
  });
});

describe('which files', () => {
  test.each([
    ['only one folder', { recursive: false }, ['a.jpg', 'b.PNG'], 1],
    ['other endings', { extensions: ['.TXT', 'png'] }, ['b.PNG', 'c.txt'], 3],
    ['a pattern for the last part of a name', { includeFiles: ['*.jpg'] }, ['a.jpg', 'day/d.jpg', 'day/x/e.jpg'], 2],
    ['a pattern for the whole of it', { includeFiles: ['day/*'] }, ['day/d.jpg'], 4],
    ['several', { includeFiles: ['day/**', 'a.*'] }, ['a.jpg', 'day/d.jpg', 'day/x/e.jpg'], 2],
    ['not some', { excludeFiles: ['day/x/**', 'b*'] }, ['a.jpg', 'day/d.jpg'], 3],
    ['some and not others', { includeFiles: ['*.jpg'], excludeFiles: ['{a,e}.jpg'] }, ['day/d.jpg'], 4],
    ['none', { includeFiles: ['*.gif'] }, [], 5],
  ])('%s', async (_, options, names, otherFiles) => {
    await files('a.jpg', 'b.PNG', 'c.txt', 'day/d.jpg', 'day/x/e.jpg');
    const found = await discover([folder], options);
    expect(found.images.map(({ name }) => name)).toEqual(names);
    expect(found.otherFiles).toBe(otherFiles);
  });

  test('of a list, each is an image, also one that is not there; no image stands twice', async () => {
    await files('a.jpg', 'sub/b.bin');
    const listed = ['sub/b.bin', 'a.jpg', 'gone.jpg', 'sub/../a.jpg'].map((name) => `${folder}/${name}`);
    const found = await discover([join(folder, 'sub', 'b.bin')], { listed });
    expect(found.images.map(({ name }) => name)).toEqual(['a.jpg', 'gone.jpg', 'sub/b.bin']);
    expect((await discover([], { listed: [] })).images).toEqual([]);
  });

  test.each([
    ['as an input', (url: string) => discover([url])],
    ['in a list', (url: string) => discover([], { listed: [url] })],
  ])('a URL is refused: %s', async (_, find) => {
    const message = /^annotate: expected a path, received "https:\/\/example\.com\/a\.jpg"\. Download it first/;
    await expect(find('https://example.com/a.jpg')).rejects.toThrow(complaint('E_ARGUMENT', message));
  });
});

describe('several inputs', () => {
  test('names begin where the inputs part; no image stands twice', async () => {
    await files('x/a/1.jpg', 'x/b/2.jpg', 'x/b/c/3.jpg');
    const inputs = ['x/b', 'x/a', 'x/b/c/3.jpg', 'x/a/1.jpg', 'x/b/c'].map((name) => join(folder, name));
    expect((await discover(inputs)).images).toEqual([
      { path: join(folder, 'x/a/1.jpg'), name: 'a/1.jpg' },
      { path: join(folder, 'x/b/2.jpg'), name: 'b/2.jpg' },
      { path: join(folder, 'x/b/c/3.jpg'), name: 'b/c/3.jpg' },
    ]);
  });

  test('the path of an image is the first one given', async () => {
    await files('a.jpg');
    const [near, far] = [relative(process.cwd(), join(folder, 'a.jpg')), join(folder, 'a.jpg')];
    expect((await discover([near, far])).images).toEqual([{ path: near, name: 'a.jpg' }]);
    expect((await discover([far, near])).images).toEqual([{ path: far, name: 'a.jpg' }]);
  });

  test('folders whose names begin alike', async () => {
    await files('pic/1.jpg', 'pictures/2.jpg');
    expect(await namesIn([join(folder, 'pic'), join(folder, 'pictures')])).toEqual(['pic/1.jpg', 'pictures/2.jpg']);
  });

  test('one folder inside the other', async () => {
    await files('a.jpg', 'sub/b.jpg');
    expect(await namesIn([join(folder, 'sub'), folder])).toEqual(['a.jpg', 'sub/b.jpg']);
  });
});

describe('folders to skip', () => {
  test('are not entered, unless they are inputs', async () => {
    await files('a.jpg', 'out/pictures/a.jpg', 'outer/b.jpg');
    const out = join(folder, 'out');
    expect(await namesIn([folder], [out])).toEqual(['a.jpg', 'outer/b.jpg']);
    expect(await namesIn([folder, out], [out])).toEqual(['a.jpg', 'out/pictures/a.jpg', 'outer/b.jpg']);
    expect(await namesIn([join(out, 'pictures')], [out])).toEqual(['a.jpg']);
  });

  test('by a link, too', async () => {
    await files('a.jpg', 'real/b.jpg');
    await symlink(join(folder, 'real'), join(folder, 'linked'));
    expect(await namesIn([folder], [join(folder, 'linked')])).toEqual(['a.jpg']);
  });

  test('patterns do not reach into them, unless they say so', async () => {
    await files('a.jpg', 'out/pictures/a.jpg', 'outer/b.jpg');
    const out = join(folder, 'out');
    expect(await namesIn([pattern('**/*.jpg')], [out])).toEqual(['a.jpg', 'outer/b.jpg']);
    expect(await namesIn([pattern('out/**/*.jpg')], [out])).toEqual(['a.jpg']);
  });

  test('one that does not exist yet', async () => {
    await files('a.jpg');
    expect(await namesIn([folder], [join(folder, 'out')])).toEqual(['a.jpg']);
  });
});

describe('what runs have drawn', () => {
  const runIn = (name: string, format = 'sigbox-run') =>
    writeFile(join(folder, name, 'run.json'), JSON.stringify({ format, version: 99 }));

  test('is passed over, also where a run lies beside its images', async () => {
    await files('a.jpg', 'pictures/a.jpg', 'crops/dog/a-1.jpg', 'sub/a1/pictures/a.jpg', 'sub/a1/own.jpg');
    await runIn('.');
    await runIn('sub/a1');
    await symlink(join(folder, 'sub', 'a1'), join(folder, 'linked'));
    expect(await namesIn([folder])).toEqual(['a.jpg', 'linked/own.jpg']);
    expect(await namesIn([join(folder, 'sub')])).toEqual(['a1/own.jpg']);
  });

  test('is looked at where it is an input', async () => {
    await files('a.jpg', 'a1/pictures/a.jpg', 'a1/pictures/crops/b.jpg', 'a1/crops/dog/a-1.jpg');
    await runIn('a1');
    expect(await namesIn([join(folder, 'a1', 'pictures')])).toEqual(['a.jpg', 'crops/b.jpg']);
    expect(await namesIn([folder, join(folder, 'a1', 'crops')])).toEqual(['a.jpg', 'a1/crops/dog/a-1.jpg']);
  });

  test('is told from folders of the same name', async () => {
    await files('pictures/a.jpg', 'one/pictures/b.jpg', 'two/crops/c.jpg');
    await runIn('one', 'another');
    await writeFile(join(folder, 'two', 'run.json'), 'no JSON');
    expect(await namesIn([folder])).toEqual(['one/pictures/b.jpg', 'pictures/a.jpg', 'two/crops/c.jpg']);
  });

  test('patterns do not reach into it, unless they say so', async () => {
    await files('a.jpg', 'a1/pictures/a.jpg', 'a1/pictures/a2/pictures/a.jpg');
    await runIn('a1');
    expect(await namesIn([pattern('**/*.jpg')])).toEqual(['a.jpg']);
    const own = join(folder, 'a1', 'pictures', 'a2');
    expect(await namesIn([pattern('a1/**/*.jpg')], [own])).toEqual(['a.jpg']);
    expect(await namesIn([pattern('a1/**/*.jpg')])).toHaveLength(2);
  });
});

function at(name: string) {
  return { path: join(folder, name), name };
}

async function namesIn(inputs: string[], skip: string[] = []): Promise<string[]> {
  return (await discover(inputs, { skip })).images.map(({ name }) => name);
}

async function files(...names: string[]): Promise<void> {
  for (const name of names) {
    await mkdir(dirname(join(folder, name)), { recursive: true });
    await writeFile(join(folder, name), '');
  }
}

/** A pattern below the folder, whose own name has brackets in it. */
function pattern(glob: string): string {
  return `${escapePath(folder)}/${glob}`;
}
