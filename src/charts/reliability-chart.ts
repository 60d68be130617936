import type { ReliabilityBin } from '../evaluate/metrics/reliability.js';
import { COLOURS, type EChartsOption } from './render-chart.js';

export interface ReliabilityWords {
  title: string;
  subtext: string;
}

/** Share of detections that find a ground truth by their score, against the score itself; below, how many there are. */
export function reliabilityChart(bins: readonly ReliabilityBin[], { title, subtext }: ReliabilityWords): EChartsOption {
  const middles = bins.map(({ from, to }) => ((from + to) / 2).toFixed(3));
  const bars = { type: 'bar' as const, barCategoryGap: '6%' };
  return {
    title: { text: title, subtext, left: 'center', top: 8 },
    legend: { top: 58, itemGap: 32, data: ['precision', 'mean score'] },
    grid: [
      { left: 72, right: 32, top: 96, height: 250 },
      { left: 72, right: 32, top: 386, height: 80 },
    ],
    xAxis: [
      { type: 'category', gridIndex: 0, data: middles, axisLabel: { show: false }, axisTick: { show: false } },
      { type: 'category', gridIndex: 1, data: middles, name: 'score', nameLocation: 'middle', nameGap: 28 },
    ],
    yAxis: [
      { type: 'value', gridIndex: 0, min: 0, max: 1, name: 'precision', nameLocation: 'middle', nameGap: 48 },
      { type: 'log', gridIndex: 1, name: 'detections', nameLocation: 'middle', nameGap: 48 },
    ],
    series: [
      { ...bars, name: 'precision', color: COLOURS.blue, data: bins.map(({ precision }) => precision ?? '-') },
      {
        ...{ name: 'mean score', type: 'line' as const, color: COLOURS.orange, symbolSize: 5 },
        data: bins.map(({ confidence }) => confidence ?? '-'),
      },
      {
        ...bars,
        ...{ xAxisIndex: 1, yAxisIndex: 1, color: COLOURS.grey },
        data: bins.map(({ count }) => (count === 0 ? '-' : count)),
      },
    ],
  };
}
