import type { Evaluation } from '../../evaluate/evaluation.js';
import { counted, printable } from '../../text/printable.js';
import { table } from './table.js';

/** Rows of the table of confused labels. */
const CONFUSED = 5;

/** An evaluation as tables; per label only labels with ground truths. */
export function evaluationText(evaluation: Evaluation): string {
  const { images, groundTruths, detections } = evaluation;
  const head = `${counted(images, 'image')}, ${counted(groundTruths, 'ground truth')}, ${counted(detections, 'detection')}\n`;
  const parts = [
    cocoTable(evaluation),
    lvisTable(evaluation),
    openImagesTable(evaluation),
    scoreTable(evaluation),
    classTable(evaluation),
    errorTable(evaluation),
    confusedTable(evaluation),
    labelSetTable(evaluation),
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
    ['AP, labels ignored', classAgnostic.AP, classAgnostic.APs, classAgnostic.APm, classAgnostic.APl],
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

function openImagesTable({ openImages, iouThreshold }: Evaluation): string {
  if (openImages === null) return '';
  const labels = openImages.classes.filter(({ AP }) => AP !== null).length;
  return table(['', 'mAP', 'labels'], [[`Open Images at IoU ${iouThreshold}`, digits(openImages.mAP), String(labels)]]);
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
    .filter(({ groundTruths, detections, AP }) => groundTruths > 0 || (detections > 0 && AP >= 0))
    .map((row) => [
      ...[printable(row.label), String(row.groundTruths), digits(row.AP), digits(row.AP50), digits(row.AR100)],
      ...[
        digits(row.precision),
        digits(row.recall),
        digits(row.f1),
        digits(row.best?.f1),
        digits(row.best?.scoreThreshold),
      ],
    ]);
  return table(
    ['label', 'ground truths', 'AP', 'AP50', 'AR', 'precision', 'recall', 'F1', 'best F1', 'at score'],
    rows,
  );
}

function errorTable({ errors }: Evaluation): string {
  const rows = Object.entries(errors.kinds).map(([kind, { count: found, cost }]) => [
    kind,
    String(found),
    digits(cost),
  ]);
  return table(['error', 'count', 'AP lost'], rows);
}

function confusedTable({ confusion: { labels, counts } }: Evaluation): string {
  const background = labels.length - 1;
  const pairs = counts
    .slice(0, background)
    .flatMap((row, groundTruth) =>
      row
        .slice(0, background)
        .flatMap((found, label) => (found > 0 && label !== groundTruth ? [{ groundTruth, label, found }] : [])),
    );
  pairs.sort((a, b) => b.found - a.found);
  const rows = pairs
    .slice(0, CONFUSED)
    .map(({ groundTruth, label, found }) => [
      printable(labels[groundTruth]!),
      printable(labels[label]!),
      String(found),
    ]);
  return table(['most confused', 'detected as', 'times'], rows);
}

/** Only where some object or region has several labels: else it tells no more than confusion. */
function labelSetTable({ labelSets }: Evaluation): string {
  const { objects, regions, matched, multiLabelObjects, multiLabelRegions, exactMatch, hammingLoss } = labelSets;
  const { violations } = labelSets;
  if (multiLabelObjects + multiLabelRegions === 0 && violations === null) return '';
  const rates = ({ precision, recall, f1 }: typeof labelSets.macro) => [precision, recall, f1].map(digits);
  const found = table(
    ['label sets', 'objects', 'matched', 'precision', 'recall', 'F1'],
    [
      ['boxes, labels ignored', String(objects), String(matched), ...rates(labelSets)],
      ['labels of matched objects, all together', '', '', ...rates(labelSets.micro)],
      ['mean over labels', '', '', ...rates(labelSets.macro)],
      ['mean over objects', '', '', ...rates(labelSets.samples)],
    ],
  );
  const several = `${multiLabelObjects} objects and ${multiLabelRegions} of ${counted(regions, 'region')} have several labels`;
  return `${found}\n  ${several}; exact match ${digits(exactMatch)}, Hamming loss ${digits(hammingLoss)}\n${violationText(violations)}`;
}

function violationText(violations: Evaluation['labelSets']['violations']): string {
  if (violations === null) return '';
  const { regions, per1000, rules } = violations;
  const [most] = rules;
  const worst =
    most === undefined ? '' : `; most often "${printable(most.rule)}", by ${counted(most.regions, 'region')}`;
  return `  ${counted(regions, 'region')} violate rules, ${per1000?.toFixed(1) ?? '–'} per 1,000${worst}\n`;
}

/** 0.368; a dash if there is no number, or pycocotools' −1. */
function digits(value: number | null | undefined): string {
  return value === null || value === undefined || value < 0 ? '–' : value.toFixed(3);
}
