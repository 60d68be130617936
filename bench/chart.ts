import { contender } from './rivals/rival.js';

export interface Line {
  name: string;
  points: [x: number, y: number][];
}

/** A chart of ms over candidates, both logarithmic, with n · log n through the first point of the first line. @returns SVG */
export async function lineChart(lines: Line[]): Promise<string> {
  const echarts = await contender('echarts');
  const chart = echarts.init(null, null, { renderer: 'svg', ssr: true, width: 760, height: 460 });
  const [[first, base]] = lines[0]!.points as [[number, number]];
  const cost = (n: number) => (base * n * Math.log2(n)) / (first * Math.log2(first));
  const guide = lines[0]!.points.map(([n]) => [n, cost(n)]);
  chart.setOption({
    animation: false,
    backgroundColor: '#ffffff',
    grid: { left: 60, right: 20, top: 110, bottom: 50 },
    legend: { top: 5, orient: 'vertical', left: 60 },
    xAxis: { type: 'log', name: 'candidates', nameLocation: 'middle', nameGap: 30 },
    yAxis: { type: 'log', name: 'ms' },
    series: [
      ...lines.map(({ name, points }) => ({ type: 'line', name, data: points })),
      { type: 'line', name: 'n · log n', data: guide, symbol: 'none', lineStyle: { type: 'dashed', color: '#888888' } },
    ],
  });
  const svg: string = chart.renderToSVGString();
  chart.dispose();
  return `${svg}\n`;
}
