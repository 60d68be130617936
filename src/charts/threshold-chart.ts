import type { Evaluation } from '../evaluate/evaluation.js';
import { COLOURS, digits, type EChartsOption, frame } from './render-chart.js';

/** F1, precision and recall by score threshold, with the threshold that was chosen and the best one. */
export function thresholdChart({ curves, iouThreshold, scoreThreshold, micro }: Evaluation): EChartsOption {
  const { scoreThresholds, precision, recall, f1, macroF1 } = curves.thresholds;
  const lines = [
    { name: 'F1', values: f1, color: COLOURS.blue, width: 3 },
    { name: 'F1, mean over labels', values: macroF1, color: COLOURS.pink, width: 2 },
    { name: 'precision', values: precision, color: COLOURS.orange, width: 1.5 },
    { name: 'recall', values: recall, color: COLOURS.green, width: 1.5 },
  ];
  const best = micro.best === null ? '' : `; best at ${digits(micro.best.scoreThreshold)}: ${digits(micro.best.f1)}`;
  const chosen = `F1 at ${digits(scoreThreshold)}: ${digits(micro.f1)}`;
  const marks = [scoreThreshold, ...(micro.best === null ? [] : [micro.best.scoreThreshold])];
  return {
    ...frame(`F1 by score threshold, at IoU ${iouThreshold}`, `${chosen}${best}`, 'score threshold', ''),
    legend: { top: 58, itemGap: 32 },
    series: lines.map(({ name, values, color, width }, i) => ({
      name,
      type: 'line' as const,
      showSymbol: false,
      color,
      lineStyle: { width },
      data: values.map((value, k) => [scoreThresholds[k]!, value]),
      ...(i === 0 && {
        markLine: {
          symbol: 'none',
          lineStyle: { color: COLOURS.grey },
          label: { formatter: (mark: { dataIndex?: number }) => (mark.dataIndex === 0 ? 'chosen' : 'best') },
          data: marks.map((xAxis) => ({ xAxis })),
        },
      }),
    })),
  };
}
