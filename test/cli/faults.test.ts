import { execFileSync } from 'node:child_process';
import { copyFile, mkdir, readdir, readFile, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeEach, describe, expect, test } from 'vitest';
import { HOSTILE_NAMES } from '../support/hostile-names.js';
import { AS_NOBODY, linux, mounts, openToOthers, root, succeeds } from '../support/machine.js';
import { bin, run, sample, sigbox } from '../support/run.js';
import { temporaryFolder } from '../support/temporary-folder.js';

// What a folder run meets outside itself: disks, rights, the state of the process. Linux only, some as root only.

let folder: string;
let input: string;
let out: string;

beforeEach(async () => {
  folder = await temporaryFolder();
  [input, out] = [join(folder, 'in'), join(folder, 'out')];
  await mkdir(input);
});

/** For --import: every look at the clock gives a second less than the one before. */
const CLOCK_BACKWARDS = encodeURIComponent(
  `let now = Date.now();
  globalThis.Date = class extends Date {
    static now() { return now -= 1000; }
    constructor(...given) { given.length === 0 ? super(now -= 1000) : super(...given); }
  };`.replaceAll(/\s+/g, ' '),
);

/** The command as a shell takes it; `$IN` and `$OUT` are the folders. */
const sh = (script: string, ...wrapper: string[]) => {
  const env = { IN: input, OUT: out, SIGBOX: `'${process.execPath}' '${bin}'`, QUICK: '--workers 0 --no-pictures' };
  const [command, ...args] = [
    ...wrapper,
    'bash',
    '-c',
    script.replaceAll('sigbox ', `'${process.execPath}' '${bin}' `),
  ];
  return run(command!, args, { env });
};
const annotate = 'sigbox annotate "$IN" --out "$OUT" $QUICK';
/** Behind a command whose standard output nobody reads: prints its status. */
const unread = '| :; echo "$PIPESTATUS"';

describe.skipIf(!mounts)('a disk', () => {
  const onDisk = (options: string, script: string) =>
    sh(`mount -t tmpfs -o ${options} tmpfs "$OUT" && ${script}`, 'unshare', '--mount');

  beforeEach(async () => {
    await mkdir(out);
    for (let i = 0; i < 6; i++) await copyFile(sample('table.jpg'), join(input, `${i}.jpg`));
  });

  test('that is full: one line; after making room, the run is the same as another', async () => {
    const whole = join(folder, 'whole');
    const compare =
      'for f in unfiltered.jsonl coco.json coco-results.json; do cmp "$OUT/$f" "$WHOLE/$f" && echo same; done';
    const script = `${annotate}; echo "status $?"; ls -A "$OUT"; mount -o remount,size=1m "$OUT"; ${annotate} --quiet; ${compare}`;
    await sigbox(['annotate', input, '--out', whole, '--workers', '0', '--no-pictures']);
    process.env.WHOLE = whole;
    const { stdout, stderr } = await onDisk('size=28k', script);
    delete process.env.WHOLE;
    expect(stderr.trimEnd().split('\n')).toEqual([expect.stringMatching(/^sigbox: .*: cannot be written: ENOSPC/)]);
    expect(stdout).toMatch(/status 66\n(?!.*\.part).*same\nsame\nsame\n$/s);
  });

  test('that is full before the lock can be written: no empty lock is left, and the next run begins', async () => {
    const fill = 'head -c 28672 /dev/zero > "$OUT/fill" 2>/dev/null';
    const script = `${fill}; ${annotate}; echo "status $?"; ls -A "$OUT"; rm "$OUT/fill"; mount -o remount,size=1m "$OUT"; ${annotate}`;
    const { stdout, stderr } = await onDisk('size=28k', script);
    expect(stderr).toMatch(/^sigbox: .*run\.lock: cannot be written: ENOSPC[^\n]*\n$/);
    expect(stdout).toMatch(/^status 66\nfill\n.*6 images annotated/s);
  });

  test('that has no place for another name', async () => {
    const script = `${annotate}; echo "status $?"; ls -A "$OUT"; mount -o remount,nr_inodes=100 "$OUT"; ${annotate}`;
    const { stdout, stderr } = await onDisk('size=1m,nr_inodes=4', script);
    expect(stderr).toMatch(/^sigbox: .*: cannot be written: ENOSPC[^\n]*\n(sigbox: resuming [^\n]*\n)?$/);
    expect(stdout).toMatch(/^status 66\n.*6 images annotated/s);
  });

  test('that can only be read: before anything is detected', async () => {
    const { stdout, stderr, status } = await onDisk('ro', annotate);
    expect({ stdout, status }).toEqual({ stdout: '', status: 66 });
    expect(stderr).toMatch(/^sigbox: .*run\.lock: cannot be written: EROFS[^\n]*\n$/);
  });
});

describe('the output', () => {
  beforeEach(() => copyFile(sample('table.jpg'), join(input, 'a.jpg')));

  test('is a file', async () => {
    await writeFile(out, 'x');
    const { status, stderr } = await sigbox(['annotate', input, '--out', out]);
    expect(status).toBe(66);
    expect(stderr).toMatch(/^sigbox: .*out: cannot be written to: EEXIST[^\n]*\n$/);
    expect(await readFile(out, 'utf8')).toBe('x');
  });

  test('is a link to nothing', async () => {
    await symlink('missing', out);
    const { status, stderr } = await sigbox(['annotate', input, '--out', out]);
    expect(status).toBe(66);
    expect(stderr).toMatch(
      /^sigbox: .*out: cannot be written to: EEXIST.*\. It is a link to missing, which is no folder\.\n$/,
    );
    expect((await readdir(folder)).sort()).toEqual(['in', 'out']);
  });

  test('has parents that are missing: they are made', async () => {
    out = join(out, 'a', 'b');
    expect(await sigbox(['annotate', input, '--out', out, '--workers', '0'])).toMatchObject({ status: 0 });
  });

  test.skipIf(!linux)('that goes to a full device is not lost silently', async () => {
    const { stdout, stderr } = await sh(`${annotate} > /dev/full; echo $?`);
    expect([stdout, stderr]).toEqual([
      '66\n',
      'sigbox: standard output cannot be written: ENOSPC: no space left on device, write\n',
    ]);
  });

  test.skipIf(!linux)('whose reader has gone is no error', async () => {
    const { stdout, stderr } = await sh(`${annotate} --json | head -c 1 | wc -c; echo "\${PIPESTATUS[0]}"`);
    expect([stdout.split(/\s+/), stderr]).toEqual([['1', '0', ''], '']);
  });

  test.skipIf(!linux)('whose reader has gone: the run goes on to its end', async () => {
    for (let i = 0; i < 5; i++) await copyFile(sample('table.jpg'), join(input, `${i}.jpg`));
    await writeFile(join(input, 'bad.jpg'), '');
    const closed = await sh(`${annotate} --json ${unread}; cat "$OUT/summary.txt"`);
    expect(closed.stdout).toMatch(/^3\n6 images annotated, 1 failed: /);
    expect(closed.stderr).toBe('');
    const merged = await sh(`sigbox merge "$OUT" --out "$OUT.merged" ${unread}`);
    expect(merged).toMatchObject({ stdout: '3\n', stderr: expect.stringMatching(/^sigbox: bad\.jpg: [^\n]*\n$/) });
    const inspected = await sh(`sigbox inspect ${unread}`);
    expect(inspected).toMatchObject({ stdout: '0\n', stderr: '' });
  });

  test.skipIf(!linux)('whose readers have both gone: the run goes on to its end', async () => {
    await writeFile(join(input, 'bad.jpg'), '');
    const { stdout } = await sh(`${annotate} 2>&1 ${unread}; cat "$OUT/summary.txt"`);
    expect(stdout).toMatch(/^3\n1 image annotated, 1 failed: /);
  });
});

/** Whether files can be made such that nobody can change or remove them: not on every file system. */
const immutable =
  root &&
  succeeds('bash', ['-c', 'f=$(mktemp); chattr +i "$f"; echo x > "$f"; r=$?; chattr -i "$f"; rm "$f"; [ $r != 0 ]']);

describe.skipIf(!immutable)('a file that nobody can change', () => {
  beforeEach(() => copyFile(sample('table.jpg'), join(input, 'a.jpg')));

  const again = 'sigbox annotate "$IN" --out "$OUT" --workers 0 --crops --format coco,yolo,voc';
  test.each([
    ['unfiltered.jsonl', /unfiltered\.jsonl: cannot be written: EPERM/],
    ['coco.json', /coco\.json: cannot be removed: EPERM/],
    ['pictures/a.jpg', /a\.jpg: cannot be removed: EPERM/],
    ['yolo/labels/a.txt', /a\.txt: cannot be written: EPERM/],
    ['summary.txt', /summary\.txt: cannot be written: EPERM/],
  ])('%s: one line, nothing is lost, and once it can be, the run is as another', async (file, message) => {
    await sh(again);
    const script = `chattr +i "$OUT/${file}"; ${again} --score 0.5; s=$?; chattr -i "$OUT/${file}"; exit $s`;
    const { status, stderr } = await sh(script);
    const [line, ...more] = stderr.split('\n').filter((text) => text !== '' && !text.startsWith('sigbox: resuming'));
    expect([status, line, more]).toEqual([66, expect.stringMatching(message), []]);
    expect(await sh(`${again} --score 0.5`)).toMatchObject({ status: 0 });
    const other = `${out}.other`;
    expect(await sh(`${again.replace('$OUT', '$OUT.other')} --score 0.5`)).toMatchObject({ status: 0 });
    const names = (await readdir(other, { recursive: true })).sort();
    expect((await readdir(out, { recursive: true })).sort()).toEqual(names);
    for (const name of ['unfiltered.jsonl', 'coco.json', 'yolo/labels/a.txt', 'pictures/a.jpg'])
      expect((await readFile(join(out, name))).equals(await readFile(join(other, name))), name).toBe(true);
  });
});

describe('what is found', () => {
  test('all kinds of names are the same in every file', async () => {
    const names = linux ? HOSTILE_NAMES : HOSTILE_NAMES.filter((name) => !/[\n"<>?*\\|:]/.test(name));
    for (const name of names) {
      await mkdir(join(input, name, '..'), { recursive: true });
      await copyFile(sample('table.jpg'), join(input, name));
    }
    const { status } = await sigbox([
      'annotate',
      input,
      '--out',
      out,
      '--picture-size',
      '64',
      '--crops',
      '--workers',
      '0',
    ]);
    expect(status).toBe(0);
    const sorted = [...names].sort();
    const lines = (await readFile(join(out, 'unfiltered.jsonl'), 'utf8')).trimEnd().split('\n');
    expect(lines.map((line) => JSON.parse(line).image)).toEqual(sorted);
    const coco = JSON.parse(await readFile(join(out, 'coco.json'), 'utf8'));
    expect(coco.images.map(({ file_name }: { file_name: string }) => file_name)).toEqual(sorted);
    const entries = await readdir(join(out, 'pictures'), { recursive: true, withFileTypes: true });
    expect(entries.filter((entry) => entry.isFile())).toHaveLength(names.length);
    const cups = await readdir(join(out, 'crops', 'cup'), { recursive: true, withFileTypes: true });
    expect(cups.filter((entry) => entry.isFile())).toHaveLength(names.length);
  });

  test.skipIf(!linux)('what is no picture is named, and holds nothing up', async () => {
    await copyFile(sample('table.jpg'), join(input, 'good.jpg'));
    await symlink(join(input, 'gone'), join(input, 'dangling.jpg'));
    await symlink(input, join(input, 'loop'));
    execFileSync('mkfifo', [join(input, 'pipe.jpg')]);
    await writeFile(join(input, 'empty.jpg'), '');
    await writeFile(join(input, 'icon.ico'), Buffer.from('00000100010001010000010018003000000016000000', 'hex'));
    await mkdir(join(input, 'folder.jpg'));
    const { status, stdout, stderr } = await sh(annotate);
    expect(status).toBe(3);
    expect(stdout).toMatch(/^1 image annotated, 4 failed/);
    expect(stderr).toMatch(
      /^sigbox: dangling\.jpg: no such file\nsigbox: empty\.jpg: .*no bytes at all\.\nsigbox: icon\.ico: .*of the kind ICO that this build of sharp cannot read\. .*\nsigbox: pipe\.jpg: .*not a regular file\n$/,
    );
  });

  test.skipIf(!openToOthers)('what may not be read is named', async () => {
    await mkdir(join(input, 'closed'));
    for (const name of ['good.jpg', 'locked.jpg', 'closed/a.jpg'])
      await copyFile(sample('table.jpg'), join(input, name));
    const script = `chmod 000 "$IN/locked.jpg" "$IN/closed"; chmod 755 "$IN/.." "$IN"; mkdir "$OUT"; chmod 777 "$OUT"; ${AS_NOBODY} bash -c '${annotate}'`;
    const { status, stdout, stderr } = await sh(script);
    expect(status, stderr).toBe(3);
    expect(stdout).toMatch(/^1 image annotated, 2 failed/);
    expect(stderr).toMatch(/sigbox: .*closed: EACCES.*\nsigbox: locked\.jpg: the file cannot be read: EACCES/);
  });

  test.skipIf(!linux)('a file that goes while the run goes on fails; the rest is done', async () => {
    for (let i = 10; i < 50; i++) await copyFile(sample('table.jpg'), join(input, `${i}.jpg`));
    const script = `${annotate} --json | { read line; read line; rm "$IN/49.jpg"; cat >/dev/null; }; cat "$OUT/summary.txt"`;
    const { stdout } = await sh(script);
    expect(stdout).toMatch(/^39 images annotated, 1 failed.*\n49\.jpg: no such file\n$/s);
  });
});

// Ten events on, an image that a kill hit is done, so that none is hit twice.
test.skipIf(!linux)('workers that are killed are replaced, and their images done', async () => {
  for (let i = 0; i < 40; i++) await copyFile(sample('table.jpg'), join(input, `${i}.jpg`));
  const script = `: > "$OUT.events"
    events() { wc -l < "$OUT.events"; }
    children() { cat /proc/$pid/task/*/children 2>/dev/null; }
    sigbox annotate "$IN" --out "$OUT" --workers 2 --no-pictures --json > "$OUT.events" & pid=$!
    for _ in 1 2; do
      seen=$(events)
      until [ "$(events)" -gt $((seen + 10)) ] && [ -n "$(children)" ]; do kill -0 $pid || exit 9; sleep 0.01; done
      kill -KILL $(children)
    done; wait $pid; echo "status $?"; wc -l < "$OUT/unfiltered.jsonl"`;
  expect(await sh(script)).toEqual({ status: 0, stdout: 'status 0\n40\n', stderr: '' });
});

describe.skipIf(!linux)('a process', () => {
  beforeEach(() => copyFile(sample('table.jpg'), join(input, 'a.jpg')));

  test.each([
    ['with few files', 'ulimit -n 256; '],
    ['without a home', 'env -u HOME '],
    ['of Turkish numbers and letters', 'env LANG=tr_TR.UTF-8 LC_ALL=tr_TR.UTF-8 TZ=Asia/Istanbul '],
    ['of no language', 'env LANG=C LC_ALL=C TZ=Nowhere/None '],
    ['whose clock goes backwards', `env NODE_OPTIONS='--import=data:text/javascript,${CLOCK_BACKWARDS}' `],
  ])('%s gives the same files', async (_, before) => {
    await sh(annotate);
    const [plain, header] = [await readFile(join(out, 'coco.json')), await readFile(join(out, 'unfiltered.jsonl'))];
    out = `${out}2`;
    const { status, stderr } = await sh(`${before}${annotate}`);
    expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
    expect((await readFile(join(out, 'coco.json'))).equals(plain)).toBe(true);
    expect((await readFile(join(out, 'unfiltered.jsonl'))).equals(header)).toBe(true);
  });

  test('with too few files says so, if it can’t do with them', async () => {
    const { status, stderr } = await sh(`ulimit -n 64; ${annotate}`);
    const told = /^(sigbox: .*more files have to be open than the system allows: raise the limit.*\n)?$/;
    expect(status).toBe(stderr === '' ? 0 : 66);
    expect(stderr).toMatch(told);
  });

  test('whose folder is gone says so', async () => {
    const { status, stderr } = await sh(`mkdir "$OUT.gone" && cd "$OUT.gone" && rmdir "$OUT.gone"; ${annotate}`);
    expect({ status, stderr }).toEqual({
      status: 66,
      stderr: expect.stringMatching(/^sigbox: the working folder is no .*\n$/),
    });
  });

  test.skipIf(!mounts)('without a network', async () => {
    expect(await sh(annotate, 'unshare', '--net')).toMatchObject({ status: 0, stderr: '' });
  });

  test('without the memory it needs ends with a line or a signal, and can be gone on with', async () => {
    const { status } = await sh(`prlimit --as=1500000000 bash -c '${annotate}' 2>/dev/null`);
    expect(status).not.toBe(0);
    expect(await sh(annotate)).toMatchObject({ status: 0 });
  });
});
