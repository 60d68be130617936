/**
 * Cuts the power of a folder run, again and again, and lets it end: what is lost, and is the outcome that of a run without?
 *
 *     npm run build && npx tsx test/by-hand/power-cuts.ts [ext4 xfs btrfs]     CUTS=10 IMAGES=100; Linux, as root
 *
 * The output lies on a file system in a file, by a loop device. A cut stops the processes and copies that file as it is:
 * what the kernel has not written to it yet, a power cut would take. The run goes on on the copy.
 */
import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import {
  copyFileSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  statSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { printTable } from '../../bench/measure.js';
import { FORMAT_NAMES } from '../../src/formats/format.js';
import { randomNumbers } from '../support/random.js';

const CUTS = Number(process.env.CUTS ?? 10);
const IMAGES = Number(process.env.IMAGES ?? 100);
const SYSTEMS = process.argv.length > 2 ? process.argv.slice(2) : ['ext4', 'xfs', 'btrfs'];
const DISK_BYTES = 400 * 2 ** 20; // XFS wants 300 MiB
const bin = fileURLToPath(new URL('../../dist/cli/main.js', import.meta.url));
const samples = fileURLToPath(new URL('../../samples/', import.meta.url));
/** Of the cuts, this share falls while images are done, the others while files are made of them. */
const WHILE_WORKING = Math.ceil(CUTS * 0.7);
/** What says when, and how fast, a run went; and what grows while it goes on. */
const NOT_COMPARED =
  /^(summary\.txt|run\.json|run\.lock.*|unfiltered\.jsonl|failures\.jsonl)$|\.part$|\.sigbox-export$/;

const folder = await mkdtemp(join(tmpdir(), 'sigbox-power-cuts-'));
const [input, mounted] = [join(folder, 'in'), join(folder, 'disk')];
const options = ['--crops', '--picture-size', '480', '--confidence', '--format', FORMAT_NAMES.join(',')];
makeImages();
const whole = join(folder, 'whole');
await once(annotate(whole), 'exit');
const expected = filesOf(whole);
mkdirSync(mounted);
const rows = [];
try {
  for (const system of SYSTEMS) rows.push(await trial(system));
} finally {
  if (isMounted()) execFileSync('umount', [mounted]);
  await rm(folder, { recursive: true });
}
printTable(`${IMAGES} images, ${expected.size} files; ${CUTS} cuts`, rows);
process.exitCode = rows.every(({ outcome }) => outcome === 'the same') ? 0 : 1;

async function trial(system: string) {
  const random = randomNumbers(CUTS);
  const disk = join(folder, `${system}.img`);
  writeFileSync(disk, '');
  execFileSync('truncate', ['--size', String(DISK_BYTES), disk]);
  execFileSync(`mkfs.${system}`, ['-q', disk]);
  const out = join(mounted, 'out');
  const [lost, at, broken]: [number[], number[], string[]] = [[], [], []];
  for (let cut = 0; cut < CUTS; cut++) {
    mount(disk);
    const before = await runUntilCut(out, { cut, random });
    const copy = copyOf(disk);
    await before.kill();
    execFileSync('umount', [mounted]);
    execFileSync('mv', [copy, disk]);
    mount(disk);
    at.push(before.lines);
    lost.push(before.lines - linesIn(out));
    broken.push(...brokenIn(out));
    startMachine(out);
    execFileSync('umount', [mounted]);
  }
  mount(disk);
  await once(annotate(out), 'exit');
  const outcome = differenceOf(out);
  execFileSync('umount', [mounted]);
  return {
    'file system': system,
    'cut at': at.join(' '),
    'lines lost': lost.join(' '),
    'files not whole': [...new Set(broken)].join(' ') || 'none',
    outcome,
  };
}

/** Goes on with the run and stops its processes in the middle of what they do. */
async function runUntilCut(out: string, { cut, random }: { cut: number; random: () => number }) {
  const begun = Date.now();
  const child = annotate(out);
  const ended = once(child, 'exit');
  const target = cut < WHILE_WORKING ? Math.floor((IMAGES * (cut + random())) / WHILE_WORKING) : IMAGES;
  const exports = ['coco.json', 'coco-results.json', 'cvat.xml', 'annotations.csv', 'summary.txt'];
  const sign = exports[Math.floor(random() * exports.length)]!;
  const isThere = () =>
    target < IMAGES
      ? existsSync(join(out, 'run.json')) && linesIn(out) >= target
      : (statSync(join(out, sign), { throwIfNoEntry: false })?.mtimeMs ?? 0) >= begun;
  while (!isThere()) {
    if (child.exitCode !== null) throw new Error(`the run ended by itself, with status ${child.exitCode}`);
    await sleep(1);
  }
  await sleep(random() * (sign === 'summary.txt' ? 1 : 60)); // after that, a run is about to end
  signal(child, 'SIGSTOP');
  const lines = linesIn(out);
  return {
    lines,
    async kill() {
      signal(child, 'SIGKILL');
      await ended;
      while (signal(child, 0)) await sleep(5); // its workers
    },
  };
}

/** To all processes of a run. @returns whether there is any */
function signal({ pid }: ChildProcess, name: NodeJS.Signals | 0): boolean {
  try {
    return process.kill(-pid!, name);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error;
    return false;
  }
}

/** As the disk is at one moment: copies are made until two are equal. */
function copyOf(disk: string): string {
  const [a, b] = [`${disk}.a`, `${disk}.b`];
  const copy = (to: string) => execFileSync('cp', ['--sparse=always', disk, to]);
  for (copy(a); ; ) {
    copy(b);
    if (readFileSync(a).equals(readFileSync(b))) return a;
    execFileSync('mv', [b, a]);
  }
}

function annotate(out: string): ChildProcess {
  return spawn(process.execPath, [bin, 'annotate', input, '--out', out, ...options], {
    stdio: 'ignore',
    detached: true,
  });
}

/** That takes longer than the ten seconds for which a lock without content is taken for one that is just being made. */
function startMachine(out: string): void {
  const lock = join(out, 'run.lock');
  const longAgo = Date.now() / 1000 - 60;
  if (existsSync(lock)) utimesSync(lock, longAgo, longAgo);
}

function mount(disk: string): void {
  execFileSync('mount', ['-o', 'loop', disk, mounted]);
}

function isMounted(): boolean {
  return readFileSync('/proc/mounts', 'utf8').includes(` ${mounted} `);
}

function linesIn(out: string): number {
  const file = join(out, 'unfiltered.jsonl');
  return existsSync(file) ? readFileSync(file, 'latin1').split('\n').length - 1 : 0;
}

/** Names of files that are neither missing nor what they are in the end. */
function brokenIn(out: string): string[] {
  return [...filesOf(out)].filter(([name, bytes]) => !expected.get(name)?.equals(bytes)).map(([name]) => name);
}

function differenceOf(out: string): string {
  const found = filesOf(out);
  const records = ['unfiltered.jsonl', 'failures.jsonl'];
  const differ = [...new Set([...found.keys(), ...expected.keys()])].filter(
    (name) => !found.get(name)?.equals(expected.get(name) ?? Buffer.of(0)),
  );
  differ.push(...records.filter((name) => !readFileSync(join(out, name)).equals(readFileSync(join(whole, name)))));
  return differ.length === 0 ? 'the same' : `differs in ${differ.length}: ${differ.slice(0, 3).join(' ')}`;
}

function filesOf(out: string): Map<string, Buffer> {
  const names = existsSync(out) ? (readdirSync(out, { recursive: true }) as string[]) : [];
  const files = names.filter((name) => !NOT_COMPARED.test(name) && statSync(join(out, name)).isFile());
  return new Map(files.map((name) => [name, readFileSync(join(out, name))]));
}

function makeImages(): void {
  const kinds = ['street.jpg', 'table.jpg', 'crossing.jpg'];
  mkdirSync(join(input, 'sub'), { recursive: true });
  for (let i = 0; i < IMAGES; i++)
    copyFileSync(join(samples, kinds[i % 3]!), join(input, `${i % 4 === 0 ? 'sub/' : ''}${i}.jpg`));
  writeFileSync(join(input, 'bad.jpg'), 'no picture');
}
