import type { Evaluation } from '../evaluate/evaluation.js';
import { confusionChart } from './confusion-chart.js';
import { precisionChart } from './precision-chart.js';
import { reliabilityChart } from './reliability-chart.js';
import { renderChart } from './render-chart.js';
import { thresholdChart } from './threshold-chart.js';

const SIZE = { width: 760, height: 520 };

/**
 * The charts of an evaluation, as SVG by their files' names.
 *
 * @throws SigboxError E_ARGUMENT  the package that draws is not installed
 */
export async function evaluationCharts(evaluation: Evaluation): Promise<Map<string, string>> {
  const { size, ...confusion } = confusionChart(evaluation);
  const words = {
    title: 'Reliability of scores',
    subtext: `share of detections that find a ground truth at IoU ${evaluation.iouThreshold}`,
  };
  return new Map([
    ['precision-recall.svg', await renderChart(precisionChart(evaluation), SIZE)],
    ['f1.svg', await renderChart(thresholdChart(evaluation), SIZE)],
    ['confusion.svg', await renderChart(confusion, size)],
    ['reliability.svg', await renderChart(reliabilityChart(evaluation.curves.reliability, words), SIZE)],
  ]);
}
