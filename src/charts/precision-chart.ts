import type { Evaluation } from '../evaluate/evaluation.js';
import { COLOURS, digits, type EChartsOption, frame } from './render-chart.js';

/** Precision by recall, the mean over labels: at IoU 0.5, 0.75, and over COCO's ten thresholds. */
export function precisionChart({ coco, curves }: Evaluation): EChartsOption {
  const { recall, iou50, iou75, iou50to95 } = curves.precision;
  const lines = [
    { name: `IoU 0.50 (AP ${digits(coco.AP50)})`, values: iou50, color: COLOURS.blue },
    { name: `IoU 0.75 (AP ${digits(coco.AP75)})`, values: iou75, color: COLOURS.orange },
    { name: `IoU 0.50 to 0.95 (AP ${digits(coco.AP)})`, values: iou50to95, color: COLOURS.green },
  ];
  return {
    ...frame('Precision and recall', 'mean over labels, interpolated as COCO does', 'recall', 'precision'),
    legend: { top: 58, itemGap: 32 },
    series: lines.map(({ name, values, color }) => ({
      name,
      type: 'line' as const,
      showSymbol: false,
      color,
      data: values.map((value, i) => [recall[i]!, value]),
    })),
  };
}
