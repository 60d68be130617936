import type { Evaluation } from '../evaluate/evaluation.js';
import { lineChart } from './svg/line-chart.js';
import { COLOURS, digits } from './svg/plot.js';

/** Precision by recall, the mean over labels: at IoU 0.5, 0.75, and over COCO's ten thresholds. @returns SVG */
export function precisionChart({ coco, curves }: Evaluation): string {
  const { recall, iou50, iou75, iou50to95 } = curves.precision;
  const series = [
    { name: `IoU 0.50 (AP ${digits(coco.AP50)})`, values: iou50, colour: COLOURS.blue },
    { name: `IoU 0.75 (AP ${digits(coco.AP75)})`, values: iou75, colour: COLOURS.orange },
    { name: `IoU 0.50 to 0.95 (AP ${digits(coco.AP)})`, values: iou50to95, colour: COLOURS.green },
  ];
  return lineChart({
    title: 'Precision and recall',
    subtitle: 'mean over labels, interpolated as in COCO',
    ...{ x: 'recall', y: 'precision' },
    series: series.map(({ values, ...look }) => ({
      ...look,
      points: values.map((value, i) => [recall[i]!, value] as const),
    })),
  });
}
