import type { AnnotateEvent } from '../../runs/annotate.js';
import type { RunSummary } from '../../runs/outputs/summary.js';
import { failureLines, summaryText } from '../../runs/outputs/summary-text.js';
import { counted, printable } from '../../text/printable.js';
import { type Progress, startProgress } from './progress.js';

/** Tells somebody what happens in a run. */
export interface Reporter {
  take(event: AnnotateEvent): void;
  /** Also after a run that failed. */
  stop(): void;
}

export function reporterOf(reader: 'people' | 'json' | 'quiet'): Reporter {
  if (reader === 'json')
    return { take: (event) => process.stdout.write(`${JSON.stringify(asJson(event))}\n`), stop() {} };
  if (reader === 'quiet') return { take: tellTrouble, stop() {} };
  return new ForPeople();
}

/** Events as they are but for two: results stand in the record, an error is its code and message. */
function asJson(event: AnnotateEvent): object {
  if (event.type !== 'image') return event;
  const { type, image, result, error } = event;
  const failure = error === null ? {} : { error: { code: error.code, message: error.message } };
  return { type, image, ...(result === null ? {} : { regions: result.detections.length }), ...failure };
}

function tellTrouble(event: AnnotateEvent): void {
  if (event.type === 'warning') process.stderr.write(`sigbox: ${printable(event.message)}\n`);
  if (event.type === 'end') tellFailures(event.summary);
}

function tellFailures(summary: RunSummary): void {
  for (const failure of failureLines(summary)) process.stderr.write(`sigbox: ${failure}\n`);
}

/** A bar or lines while it goes on, the summary at the end. */
class ForPeople implements Reporter {
  #progress: Progress | undefined;
  #failures = 0;
  #out = '';

  take(event: AnnotateEvent): void {
    if (event.type === 'start') this.#start(event);
    else if (event.type === 'image') this.#image(event);
    else if (event.type === 'warning') tellTrouble(event);
    else {
      this.stop();
      process.stdout.write(summaryText(this.#out, event.summary));
      tellFailures(event.summary);
    }
  }

  #start({ out, images, todo, changed, removed, retried }: AnnotateEvent & { type: 'start' }): void {
    this.#out = out;
    const recorded = images - todo;
    const remarks = [
      [recorded, 'recorded before'],
      [changed.length, 'changed since'],
      [removed.length, 'no longer there'],
      [retried.length, 'tried again'],
    ] as const;
    const told = remarks.filter(([n]) => n > 0).map(([n, what]) => `${n} ${what}`);
    if (told.length > 0) process.stderr.write(`sigbox: going on with ${printable(out)}: ${told.join(', ')}\n`);
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
