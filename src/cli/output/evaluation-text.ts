import type { Evaluation } from '../../evaluate/evaluation.js';
import { count, printable } from './printable.js';
import { table } from './table.js';

/** Pairs of labels that are told to be confused most. */
const CONFUSED = 5;

/** An evaluation as tables for people; numbers of single labels only for those that have truths. */
export function evaluationText(evaluation: Evaluation): string {
  const { images, truths, detections } = evaluation;
  const head = `${count(images, 'image')}, ${count(truths, 'truth')}, ${count(detections, 'detection')}\n`;
  const parts = [
    cocoTable(evaluation),
    lvisTable(evaluation),
    scoreTable(evaluation),
    classTable(evaluation),
    errorTable(evaluation),
    confusedTable(evaluation),
  ];
  return [head, ...parts.filter((part) => part !== '')].join('\n');
}

function cocoTable({ coco, classAgnostic, voc, iouThreshold }: Evaluation): string {
  const rows = [
    ['AP at IoU 0.50 to 0.95', coco.AP, coco.APs, coco.APm, coco.APl],
    ['AP at IoU 0.50', coco.AP50],
    ['AP at IoU 0.75', coco.AP75],
    ['AR, 1 detection', coco.AR1],
    ['AR, 10 detections', coco.AR10],
    ['AR, 100 detections', coco.AR100, coco.ARs, coco.ARm, coco.ARl],
    ['AP whatever the label', classAgnostic.AP, classAgnostic.APs, classAgnostic.APm, classAgnostic.APl],
    [`VOC AP at IoU ${iouThreshold}`, voc.allPoint],
    [`VOC AP at IoU ${iouThreshold}, 11 points`, voc.elevenPoint],
  ] as const;
  return table(
    ['', 'all', 'small', 'medium', 'large'],
    rows.map(([name, ...numbers]) => [
      name,
      ...[0, 1, 2, 3].map((i) => (i < numbers.length ? digits(numbers[i]) : '')),
    ]),
  );
}

function lvisTable({ lvis }: Evaluation): string {
  if (lvis === null) return '';
  const { AP, APr, APc, APf, AR300 } = lvis;
  const numbers = [AP, APr, APc, APf, AR300].map(digits);
  return table(['', 'AP', 'rare', 'common', 'frequent', 'AR, 300'], [['LVIS', ...numbers]]);
}

function scoreTable({ micro, macro, scoreThreshold, iouThreshold }: Evaluation): string {
  const row = (name: string, { precision, recall, f1, best }: typeof micro | typeof macro) => {
    return [name, digits(precision), digits(recall), digits(f1), digits(best?.f1), digits(best?.scoreThreshold)];
  };
  const at = `at score ${scoreThreshold}, IoU ${iouThreshold}`;
  const rows = [row('all labels', micro), row('mean over labels', macro)];
  return table([at, 'precision', 'recall', 'F1', 'best F1', 'at score'], rows);
}

function classTable({ classes }: Evaluation): string {
  const rows = classes
    .filter(({ truths, detections, AP }) => truths > 0 || (detections > 0 && AP >= 0))
    .map((row) => [
      ...[printable(row.label), String(row.truths), digits(row.AP), digits(row.AP50), digits(row.AR100)],
      ...[
        digits(row.precision),
        digits(row.recall),
        digits(row.f1),
        digits(row.best?.f1),
        digits(row.best?.scoreThreshold),
      ],
    ]);
  return table(['label', 'truths', 'AP', 'AP50', 'AR', 'precision', 'recall', 'F1', 'best F1', 'at score'], rows);
}

function errorTable({ errors }: Evaluation): string {
  const rows = Object.entries(errors.kinds).map(([kind, { count: found, cost }]) => [
    kind,
    String(found),
    digits(cost),
  ]);
  return table(['error', 'count', 'costs AP'], rows);
}

function confusedTable({ confusion: { labels, counts } }: Evaluation): string {
  const background = labels.length - 1;
  const pairs = counts
    .slice(0, background)
    .flatMap((row, truth) =>
      row
        .slice(0, background)
        .flatMap((found, label) => (found > 0 && label !== truth ? [{ truth, label, found }] : [])),
    );
  pairs.sort((a, b) => b.found - a.found);
  const rows = pairs
    .slice(0, CONFUSED)
    .map(({ truth, label, found }) => [printable(labels[truth]!), printable(labels[label]!), String(found)]);
  return table(['most confused', 'taken for', 'times'], rows);
}

/** 0.368; a dash where there is no number, or pycocotools' −1 for none. */
function digits(value: number | null | undefined): string {
  return value === null || value === undefined || value < 0 ? '–' : value.toFixed(3);
}
