import { join } from 'node:path';
import { annotate as annotateImages, type ImageOutcome } from '../batch/annotate.js';
import { discover } from '../batch/discover.js';
import { complain } from '../errors.js';
import { detectPart } from '../options.js';
import type { AnnotateArguments } from './arguments/annotate.js';
import { onInterrupt } from './interrupt.js';
import { openDetector, tellWarnings } from './open-detector.js';
import { count, printable } from './printable.js';
import { startProgress } from './progress.js';
import { SOME_FAILED } from './status.js';
import { table } from './table.js';

/** `sigbox annotate`. @returns the exit status */
export async function annotate(args: AnnotateArguments): Promise<number> {
  const { inputs, out, pictures, detector: options } = args;
  const { images, otherFiles, unreadable } = await discover(inputs, [out, join(out, 'pictures')]);
  if (images.length === 0 && unreadable.length === 0) throw nothingFound(inputs, otherFiles);
  const tally = new Tally(unreadable.map(({ path, reason }) => `${path}: ${reason}`));
  await using detector = await openDetector(args);
  using _warnings = tellWarnings(detector);
  using interrupt = onInterrupt();
  const progress = startProgress(images.length);
  try {
    await annotateImages(detector, images, {
      ...detectPart(options),
      out,
      pictures,
      stop: interrupt.signal,
      onImage(outcome) {
        tally.add(outcome);
        progress.update(tally.images, count(tally.failures.length, 'failure'));
      },
    });
  } finally {
    progress.stop();
  }
  process.stdout.write(tally.summary(images.length, out, otherFiles));
  for (const failure of tally.failures) process.stderr.write(`sigbox: ${printable(failure)}\n`);
  return interrupt.status ?? (tally.failures.length > 0 ? SOME_FAILED : 0);
}

/** What a run has come to so far. */
class Tally {
  /** Images that are done, one way or the other. */
  images = 0;
  readonly failures: string[];
  #annotated = 0;
  #empty = 0;
  #damaged = 0;
  readonly #labels = new Map<string, { regions: number; images: number }>();

  constructor(failures: string[]) {
    this.failures = failures;
  }

  add({ result, failure }: ImageOutcome): void {
    this.images++;
    if (failure !== null) this.failures.push(failure.message);
    if (result === null) return;
    this.#annotated++;
    if (result.detections.length === 0) this.#empty++;
    if (result.damage !== undefined) this.#damaged++;
    const labels = result.detections.flatMap((detection) => detection.labels.map(({ label }) => label));
    for (const label of labels) this.#of(label).regions++;
    for (const label of new Set(labels)) this.#of(label).images++;
  }

  #of(label: string): { regions: number; images: number } {
    const known = this.#labels.get(label) ?? { regions: 0, images: 0 };
    this.#labels.set(label, known);
    return known;
  }

  summary(found: number, out: string, otherFiles: number): string {
    const rows = [...this.#labels]
      .sort(([a, x], [b, y]) => y.regions - x.regions || (a < b ? -1 : 1))
      .map(([label, { regions, images }]) => [printable(label), String(regions), String(images)]);
    const remarks = [
      [this.#empty, 'without a region'],
      [this.#damaged, 'damaged, decoded in part'],
      [this.failures.length, 'failed'],
      [found - this.images, 'not begun'],
      [otherFiles, 'other files passed over'],
    ] as const;
    const told = remarks.filter(([n]) => n > 0).map(([n, what]) => `, ${n} ${what}`);
    const head = `${count(this.#annotated, 'image')} annotated${told.join('')}: ${printable(out)}`;
    return `${head}\n${table(['label', 'regions', 'images'], rows)}`;
  }
}

function nothingFound(inputs: readonly string[], otherFiles: number) {
  const received = otherFiles === 0 ? 'no file at all' : count(otherFiles, 'other file');
  return complain('E_IO', { where: inputs.join(' '), expected: 'pictures', received });
}
