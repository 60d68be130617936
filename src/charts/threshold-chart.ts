import type { Evaluation } from '../evaluate/evaluation.js';
import { lineChart } from './svg/line-chart.js';
import { COLOURS, digits } from './svg/plot.js';

/** F1, precision and recall by score threshold, with the chosen threshold and the best one. @returns SVG */
export function thresholdChart({ curves, iouThreshold, scoreThreshold, micro }: Evaluation): string {
  const { scoreThresholds, precision, recall, f1, macroF1 } = curves.thresholds;
  const series = [
    { name: 'F1', values: f1, colour: COLOURS.blue, width: 3 },
    { name: 'F1, mean over labels', values: macroF1, colour: COLOURS.pink, width: 2 },
    { name: 'precision', values: precision, colour: COLOURS.orange, width: 1.5 },
    { name: 'recall', values: recall, colour: COLOURS.green, width: 1.5 },
  ];
  const best = micro.best === null ? '' : `; best at ${digits(micro.best.scoreThreshold)}: ${digits(micro.best.f1)}`;
  return lineChart({
    title: `F1 by score threshold, at IoU ${iouThreshold}`,
    subtitle: `F1 at ${digits(scoreThreshold)}: ${digits(micro.f1)}${best}`,
    ...{ x: 'score threshold', y: null },
    series: series.map(({ values, ...look }) => ({
      ...look,
      points: values.map((value, i) => [scoreThresholds[i]!, value] as const),
    })),
    marks: [
      { x: scoreThreshold, name: 'chosen' },
      ...(micro.best === null ? [] : [{ x: micro.best.scoreThreshold, name: 'best' }]),
    ],
  });
}
