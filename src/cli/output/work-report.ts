import type { WorkEvent } from '../../runs/queue/work.js';
import { counted, printable } from '../../text/printable.js';
import { type Progress, startProgress } from './progress.js';
import type { Audience } from './report.js';

/** Prints what a worker does. */
export interface WorkReporter {
  take(event: WorkEvent): void;
  /** Also after a worker that failed. */
  stop(): void;
}

export function workReporter(reader: Audience): WorkReporter {
  if (reader === 'json') return { take: (event) => process.stdout.write(`${JSON.stringify(event)}\n`), stop() {} };
  if (reader === 'quiet') return { take: printTrouble, stop() {} };
  return new ForPeople();
}

function printTrouble(event: WorkEvent): void {
  if (event.type === 'warning') complain(event.message);
  if (event.type === 'retry') complain(`chunk ${event.chunk} failed and is tried again: ${event.message}`);
  if (event.type === 'stalled') complain(`the worker of chunk ${event.chunk} has fallen silent: it is dealt out again`);
  if (event.type !== 'set-aside') return;
  const { chunk, first, last, attempts, message } = event;
  complain(`chunk ${chunk}, ${first} to ${last}, failed ${attempts} times and is set aside: ${message}`);
}

function complain(message: string): void {
  process.stderr.write(`sigbox: ${printable(message)}\n`);
}

class ForPeople implements WorkReporter {
  #progress: Progress | undefined;
  #failures = 0;

  take(event: WorkEvent): void {
    if (event.type === 'start') this.#start(event);
    else if (event.type === 'chunk') this.#chunk(event);
    else if (event.type !== 'end') printTrouble(event);
    else {
      this.stop();
      const { chunks, images, failures, setAside } = event;
      const remarks = [
        ...(failures > 0 ? [`${failures} failed`] : []),
        ...(setAside > 0 ? [`${setAside} set aside`] : []),
      ];
      process.stdout.write(
        `${[`${counted(images, 'image')} in ${counted(chunks, 'chunk')}`, ...remarks].join(', ')}\n`,
      );
    }
  }

  #start({ store, images, chunks, done }: WorkEvent & { type: 'start' }): void {
    const what = `${counted(images, 'image')} in ${counted(chunks, 'chunk')}, ${done} of them done`;
    process.stderr.write(`sigbox: ${printable(store)}: ${what}\n`);
    this.#progress = startProgress(images, 0);
  }

  #chunk({ images, failures }: WorkEvent & { type: 'chunk' }): void {
    this.#failures += failures;
    for (let i = 0; i < images; i++) this.#progress?.advance(counted(this.#failures, 'failure'));
  }

  stop(): void {
    this.#progress?.stop();
    this.#progress = undefined;
  }
}
