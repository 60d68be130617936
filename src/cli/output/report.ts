import { join } from 'node:path';
import type { AnnotateEvent } from '../../runs/annotate.js';
import type { RunSummary } from '../../runs/outputs/summary.js';
import { failureLines, summaryText } from '../../runs/outputs/summary-text.js';
import { counted, printable } from '../../text/printable.js';
import { invocation, shellWord } from './invocation.js';
import { type Progress, startProgress } from './progress.js';

/** Prints what happens in a run. */
export interface Reporter {
  take(event: AnnotateEvent): void;
  /** Also after a run that failed. */
  stop(): void;
}

/** Whom a report is for. */
export type Audience = 'people' | 'json' | 'quiet';

export function reporterOf(reader: Audience): Reporter {
  if (reader === 'json')
    return { take: (event) => process.stdout.write(`${JSON.stringify(asJson(event))}\n`), stop() {} };
  if (reader === 'quiet') return { take: printTrouble, stop() {} };
  return new ForPeople();
}

/** Events as they are, but without results, which are in the record; an error is its code and message. */
function asJson(event: AnnotateEvent): object {
  if (event.type !== 'image') return event;
  const { type, image, result, error } = event;
  const failure = error === null ? {} : { error: { code: error.code, message: error.message } };
  return { type, image, ...(result === null ? {} : { regions: result.detections.length }), ...failure };
}

function printTrouble(event: AnnotateEvent): void {
  if (event.type === 'warning') process.stderr.write(`sigbox: ${printable(event.message)}\n`);
  if (event.type === 'end') printFailures(event.summary);
}

function printFailures(summary: RunSummary): void {
  for (const failure of failureLines(summary)) process.stderr.write(`sigbox: ${failure}\n`);
}

/** Progress during the run; the summary and the next step at its end. */
class ForPeople implements Reporter {
  #progress: Progress | undefined;
  #failures = 0;
  #out = '';

  take(event: AnnotateEvent): void {
    if (event.type === 'start') this.#start(event);
    else if (event.type === 'image') this.#image(event);
    else if (event.type === 'warning') printTrouble(event);
    else {
      this.stop();
      process.stdout.write(summaryText(this.#out, event.summary) + nextStep(this.#out, event));
      printFailures(event.summary);
    }
  }

  #start({ out, images, todo, changed, removed, retried }: AnnotateEvent & { type: 'start' }): void {
    this.#out = out;
    const recorded = images - todo;
    const remarks = [
      [recorded, 'already recorded'],
      [changed.length, 'changed since'],
      [removed.length, 'no longer there'],
      [retried.length, 'tried again'],
    ] as const;
    const parts = remarks.filter(([n]) => n > 0).map(([n, what]) => `${n} ${what}`);
    if (parts.length > 0) process.stderr.write(`sigbox: resuming ${printable(out)}: ${parts.join(', ')}\n`);
    this.#progress = startProgress(images, recorded);
  }

  #image({ error, isNew }: AnnotateEvent & { type: 'image' }): void {
    if (error !== null) this.#failures++;
    if (isNew) this.#progress?.advance(counted(this.#failures, 'failure'));
  }

  stop(): void {
    this.#progress?.stop();
    this.#progress = undefined;
  }
}

/** What to do with a run that has ended: look at it, or end it. */
function nextStep(out: string, { complete, summary }: AnnotateEvent & { type: 'end' }): string {
  if (!complete) return 'Next: run the same command again to resume.\n';
  if (summary.images === 0) return '';
  const page = shellWord(printable(join(out, 'index.html')));
  return `Next: open ${page}, or correct the results with ${invocation()} review ${shellWord(printable(out))}\n`;
}
