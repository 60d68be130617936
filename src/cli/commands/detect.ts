import { toJsonLine } from '../../formats/jsonl/jsonl.js';
import type { DetectionResult } from '../../types/detections.js';
import type { DetectArguments } from '../options/detect-words.js';
import { openDetector, tellWarnings } from '../options/open-detector.js';
import { count, printable } from '../output/printable.js';
import { SOME_FAILED } from '../output/status.js';
import { table } from '../output/table.js';

/** `sigbox detect`. @returns the exit status: of several images, 3 when one failed; of one, its error is thrown */
export async function detect(args: DetectArguments): Promise<number> {
  const [first, ...others] = args.images;
  const print = (result: DetectionResult) => process.stdout.write(args.json ? toJsonLine(result) : asTable(result));
  if (others.length === 0) {
    // In process: for a single image, starting a worker takes longer than the inference.
    await using detector = await openDetector(args, { workers: 0 });
    using _warnings = tellWarnings(detector);
    print(await detector.detect(inputOf(first!)));
    return 0;
  }
  await using detector = await openDetector(args);
  using _warnings = tellWarnings(detector);
  let status = 0;
  for await (const outcome of detector.detectAll(args.images.map(inputOf), { errors: 'yield' })) {
    if (!('error' in outcome)) {
      print(outcome);
      continue;
    }
    process.stderr.write(`sigbox: ${printable(outcome.error.message)}\n`);
    status = SOME_FAILED;
  }
  return status;
}

function inputOf(image: string) {
  return image === '-' ? process.stdin : image;
}

function asTable({ image, width, height, detections, damage, notes = [] }: DetectionResult): string {
  const name = printable(image ?? 'standard input');
  const head = `${name}  ${width} × ${height}, ${count(detections.length, 'region')}`;
  const damaged = damage === undefined ? [] : [`damaged, decoded in part: ${printable(damage)}`];
  const remark = [...damaged, ...notes].map((line) => `  ${line}\n`).join('');
  const rows = detections.flatMap(({ box, labels }) =>
    labels.map(({ label, score }, i) => {
      const edges = i === 0 ? box.map((edge) => edge.toFixed(0)) : ['', '', '', ''];
      return [i === 0 ? printable(label) : `+ ${printable(label)}`, score.toFixed(2), ...edges];
    }),
  );
  return `${head}\n${remark}${table(['label', 'score', 'x1', 'y1', 'x2', 'y2'], rows)}\n`;
}
