/**
 * Whole commands over one folder, their start included: sigbox, and what others make of the same model and pictures.
 *
 * PYTHON names an interpreter with the packages of requirements.txt; YOLO an ONNX file of Ultralytics' YOLO, which is
 * theirs to give. transformers.js is not among them: its object-detection pipeline knows neither contract.
 */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { link, mkdir, mkdtemp, readFile, rm } from 'node:fs/promises';
import { availableParallelism, tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { cliUrl } from './built.js';
import { builtinModel } from './builtin-model.js';
import { makeImages } from './images.js';
import { interleave, printTable, summarize } from './measure.js';

const ROUNDS = Number(process.env.ROUNDS ?? 3);
const COUNT: Record<string, number> = { VGA: 600, '1080p': 400, '12 MP': 120 };
/** One of the three sizes, by its name; default all. */
const { ONLY } = process.env;
const python = process.env.PYTHON ?? 'python3';
const script = fileURLToPath(new URL('./rivals/folder.py', import.meta.url));
const cores = String(availableParallelism());

const { file: model } = await builtinModel();
const yolo = process.env.YOLO;
await using images = await makeImages();
for (const { name, path } of images.all) {
  if (ONLY !== undefined && name !== ONLY) continue;
  const count = COUNT[name]!;
  await measure(`${name}, built-in model`, path, count, {
    sigbox: (folder, out) => sigbox(folder, out),
    'onnxruntime + OpenCV, its threads': (folder, out) => rival('opencv', model, folder, out, '0'),
    [`onnxruntime + OpenCV, ${cores} processes`]: (folder, out) => rival('opencv', model, folder, out, cores),
  });
  if (yolo === undefined) continue;
  await measure(`${name}, YOLO`, path, Math.ceil(count / 4), {
    sigbox: (folder, out) => sigbox(folder, out, '--model', yolo),
    'Ultralytics predict': (folder, out) => rival('ultralytics', yolo, folder, out),
  });
}

type Command = [string, ...string[]];

function sigbox(folder: string, out: string, ...more: string[]): Command {
  const quiet = ['--no-pictures', '--restart', '--quiet', '--no-config'];
  return [process.execPath, fileURLToPath(cliUrl), 'annotate', folder, '--out', out, ...quiet, ...more];
}

function rival(way: string, file: string, folder: string, out: string, ...more: string[]): Command {
  return [python, script, way, file, folder, `${out}.jsonl`, ...more];
}

async function measure(
  title: string,
  image: string,
  count: number,
  commands: Record<string, (folder: string, out: string) => Command>,
): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), 'sigbox-bench-rivals-'));
  await mkdir(join(folder, 'in'));
  for (let i = 0; i < count; i++) await link(image, join(folder, 'in', `${String(i).padStart(6, '0')}.jpg`));
  const cpu: Record<string, number[]> = {};
  const lines: Record<string, number> = {};
  const cases = Object.entries(commands).map(([name, command]) => {
    const out = join(folder, `out-${Object.keys(commands).indexOf(name)}`);
    cpu[name] = [];
    return [
      name,
      async () => {
        const took = await timed(command(join(folder, 'in'), out));
        cpu[name]!.push((took.cpu * 1000) / count);
        const record = name === 'sigbox' ? join(out, 'unfiltered.jsonl') : `${out}.jsonl`;
        lines[name] = (await readFile(record, 'utf8')).split('\n').length - 1;
        return count / took.seconds;
      },
    ] as const;
  });
  const samples = await interleave(Object.fromEntries(cases), { rounds: ROUNDS });
  await rm(folder, { recursive: true });
  printTable(
    `${title}: folders of ${count}, ${ROUNDS} rounds by turns; medians`,
    Object.keys(commands).map((name) => {
      const { q1, median, q3 } = summarize(samples[name]!);
      return {
        way: name,
        'images/s': median.toFixed(1),
        quartiles: `${q1.toFixed(1)}–${q3.toFixed(1)}`,
        'CPU ms per image': summarize(cpu[name]!.slice(1)).median.toFixed(1),
        'lines written': lines[name]!,
      };
    }),
  );
}

/** Seconds on the clock, and of CPU time of the command and all that it waited for. */
async function timed(command: Command): Promise<{ seconds: number; cpu: number }> {
  const child = spawn('bash', ['-c', `TIMEFORMAT='%R %U %S'; time "$@" >/dev/null 2>/dev/null`, 'bash', ...command]);
  let told = '';
  child.stderr.on('data', (text) => {
    told += text;
  });
  const [status] = await once(child, 'close');
  const [seconds, user, system] = told.trim().split(' ').map(Number) as [number, number, number];
  if (status !== 0) throw new Error(`${command.join(' ')} ended with ${status}`);
  return { seconds, cpu: user + system };
}
