import { annotate as annotateImages } from '../../runs/annotate.js';
import { readFileList } from '../../runs/inputs/file-list.js';
import { onInterrupt } from '../interrupt.js';
import type { AnnotateArguments } from '../options/annotate-words.js';
import { readDetectorOptions } from '../options/open-detector.js';
import { reporterOf } from '../output/report.js';
import { SOME_FAILED } from '../output/status.js';

/** `sigbox annotate`. @returns the exit status */
export async function annotate(args: AnnotateArguments): Promise<number> {
  const { inputs, run, report } = args;
  using interrupt = onInterrupt();
  const listed = await readLists(args);
  const detector = await readDetectorOptions(args);
  const reporter = reporterOf(report);
  let failed = false;
  try {
    const given = inputs.filter((input) => input !== '-');
    const options = { ...detector, ...run, listed, signal: interrupt.signal };
    for await (const event of annotateImages(given, options)) {
      reporter.take(event);
      if (event.type === 'end') failed = event.summary.failures.length > 0;
    }
  } finally {
    reporter.stop();
  }
  return interrupt.status ?? (failed ? SOME_FAILED : 0);
}

async function readLists({ inputs, filesFrom }: AnnotateArguments): Promise<string[]> {
  const lists = [...(inputs.includes('-') ? ['-'] : []), ...(filesFrom === undefined ? [] : [filesFrom])];
  const read = lists.map((file) => readFileList(file === '-' ? process.stdin : file));
  return (await Promise.all(read)).flat();
}
