import type { RunStatus } from '../../runs/queue/run-status.js';
import { counted, printable } from '../../text/printable.js';
import { duration } from './progress.js';

/** A run's status for people, in a line, and one more for each chunk that was set aside. */
export function statusText(status: RunStatus): string {
  const { chunks, queue, images, imagesPerSecond, secondsLeft, setAside } = status;
  const percent = Math.floor((100 * images.done) / images.all);
  const counts = [
    `${images.done} of ${counted(images.all, 'image')} (${percent} %)`,
    `chunks: ${chunks.done} of ${chunks.all} done`,
    ...(queue === null ? [] : [`${queue.running} running`, `${queue.waiting} waiting`]),
    ...(queue !== null && queue.delayed > 0 ? [`${queue.delayed} to be tried again`] : []),
    ...(chunks.setAside > 0 ? [`${chunks.setAside} set aside`] : []),
    ...(imagesPerSecond === null ? [] : [`${imagesPerSecond.toFixed(imagesPerSecond < 10 ? 1 : 0)} images per second`]),
    ...(secondsLeft === null || secondsLeft === 0 ? [] : [`${duration(secondsLeft)} to go`]),
  ];
  const aside = setAside.map(({ chunk, first, last, message }) => `  chunk ${chunk}, ${first} to ${last}: ${message}`);
  return [counts.join(', '), ...aside].map((line) => `${printable(line)}\n`).join('');
}
