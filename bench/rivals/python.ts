import { type ChildProcessWithoutNullStreams, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { type DetectorOutput, dimsOf } from '../sets.js';
import type { Contender, Measured, Rival, Turn } from './rival.js';

const CONTENDERS = [
  'torchvision nms, offsets',
  'torchvision batched_nms',
  'OpenCV NMSBoxes',
  'OpenCV NMSBoxesBatched',
  'Ultralytics',
];

/** Candidates for a suppression alone; classes are int64, as PyTorch numbers. */
export interface NmsSet {
  boxes: Float32Array;
  scores: Float32Array;
  classIds: Uint16Array;
  iou: number;
}

/** torchvision, OpenCV and Ultralytics, in one Python process that does its own timing. */
export class Python implements Rival {
  readonly #child: ChildProcessWithoutNullStreams;
  readonly #lines: AsyncIterator<string>;
  readonly #folder: string;
  readonly versions: Record<string, string>;

  private constructor(
    child: ChildProcessWithoutNullStreams,
    lines: AsyncIterator<string>,
    folder: string,
    versions: Record<string, string>,
  ) {
    this.#child = child;
    this.#lines = lines;
    this.#folder = folder;
    this.versions = versions;
  }

  /** @returns null where Python or its packages are missing; the interpreter is PYTHON, or python3 */
  static async start(): Promise<Python | null> {
    const script = fileURLToPath(new URL('./contenders.py', import.meta.url));
    const child = spawn(process.env.PYTHON ?? 'python3', [script], {
      stdio: ['pipe', 'pipe', 'ignore'],
    }) as unknown as ChildProcessWithoutNullStreams;
    child.on('error', () => {}); // no such interpreter: there will be no line
    const lines = createInterface(child.stdout)[Symbol.asyncIterator]();
    const { value, done } = await lines.next();
    if (done) return null;
    return new Python(child, lines, await mkdtemp(join(tmpdir(), 'sigbox-bench-')), JSON.parse(value).versions);
  }

  async load(output: DetectorOutput) {
    const file = await this.#write('output.bin', output.probabilities);
    const { objectness, scoreThreshold: conf } = output;
    await this.#ask({ load: { file, dims: dimsOf(output), objectness, conf } });
    const turnOf =
      (run: string): Contender =>
      (multi, length) =>
        this.#ask<Turn>({ run, multi, ...length });
    return Object.fromEntries(CONTENDERS.map((run) => [run, turnOf(run)]));
  }

  /** torchvision's batched_nms of given candidates. */
  async suppress({ boxes, scores, classIds, iou }: NmsSet): Promise<() => Promise<Measured>> {
    const files = {
      boxes: await this.#write('boxes.bin', boxes),
      scores: await this.#write('scores.bin', scores),
      classes: await this.#write('classes.bin', BigInt64Array.from(classIds, BigInt)),
    };
    return () => this.#ask<Measured>({ nms: { ...files, iou } });
  }

  async close(): Promise<void> {
    this.#child.stdin.end();
    if (this.#child.exitCode === null) await once(this.#child, 'exit');
    await rm(this.#folder, { recursive: true });
  }

  async #write(name: string, data: Float32Array | BigInt64Array): Promise<string> {
    const file = join(this.#folder, name);
    await writeFile(file, new Uint8Array(data.buffer, data.byteOffset, data.byteLength));
    return file;
  }

  async #ask<Answer>(question: object): Promise<Answer> {
    this.#child.stdin.write(`${JSON.stringify(question)}\n`);
    const { value, done } = await this.#lines.next();
    if (done) throw new Error('bench: contenders.py has ended. Run it alone to see why.');
    return JSON.parse(value);
  }
}
