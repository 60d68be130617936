import { useEffect, useRef } from 'preact/hooks';
import uPlot from 'uplot';
import type { ThresholdCurve } from '../../../evaluate/metrics/score-counts.js';
import { run } from '../state.js';

interface CurveProps {
  curve: ThresholdCurve;
  at: { precision: number | null; recall: number | null };
  score: number;
  onTurn: (score: number) => void;
}

const HEIGHT = 190;

/** Precision over recall, with the point where the knobs stand; it can be dragged along the curve. */
export function Curve({ curve, at, score, onTurn }: CurveProps) {
  const place = useRef<HTMLDivElement>(null);
  const plot = useRef<uPlot | null>(null);
  const latest = useRef({ curve, at, onTurn });
  latest.current = { curve, at, onTurn };

  useEffect(() => {
    const element = place.current!;
    const colours = () => getComputedStyle(document.documentElement);
    const stroke = (name: string) => () => colours().getPropertyValue(name);
    const axis = (label: string) => ({
      label,
      labelSize: 16,
      labelFont: '11px system-ui',
      font: '10px system-ui',
      size: label === 'Recall' ? 26 : 34,
      gap: 3,
      stroke: stroke('--muted'),
      grid: { stroke: stroke('--line'), width: 1 },
      ticks: { show: false },
      splits: () => [0, 0.25, 0.5, 0.75, 1],
    });
    const made = new uPlot(
      {
        width: element.clientWidth,
        height: HEIGHT,
        legend: { show: false },
        cursor: { show: false },
        scales: { x: { time: false, range: [0, 1] }, y: { range: [0, 1.02] } },
        axes: [axis('Recall'), axis('Precision')],
        series: [{}, { stroke: stroke('--accent'), width: 2, points: { show: false } }],
        hooks: { draw: [(drawn) => drawPoint(drawn, latest.current.at, colours().getPropertyValue('--accent'))] },
      },
      pointsOf(latest.current.curve),
      element,
    );
    plot.current = made;
    const observer = new ResizeObserver(() => made.setSize({ width: element.clientWidth, height: HEIGHT }));
    observer.observe(element);
    const theme = matchMedia('(prefers-color-scheme: dark)');
    const redraw = () => made.redraw();
    theme.addEventListener('change', redraw);
    const end = dragging(made, () => latest.current);
    return () => {
      end();
      theme.removeEventListener('change', redraw);
      observer.disconnect();
      made.destroy();
    };
  }, []);
  useEffect(() => plot.current?.setData(pointsOf(curve)), [curve]);
  useEffect(() => plot.current?.redraw(), [at.precision, at.recall]);

  const floor = run.value.floor;
  const step = (event: KeyboardEvent) => {
    const change = { ArrowLeft: 0.01, ArrowUp: 0.01, ArrowRight: -0.01, ArrowDown: -0.01 }[event.key];
    if (change === undefined) return;
    event.preventDefault();
    onTurn(Math.min(1, Math.max(floor, Math.round(100 * (score + change)) / 100)));
  };
  return (
    <div
      ref={place}
      class="curve"
      role="slider"
      tabIndex={0}
      aria-label="Operating point: score threshold"
      aria-valuemin={floor}
      aria-valuemax={1}
      aria-valuenow={score}
      aria-valuetext={`Score ${score.toFixed(2)}: precision ${at.precision?.toFixed(2) ?? 'none'}, recall ${at.recall?.toFixed(2) ?? 'none'}`}
      onKeyDown={step}
    />
  );
}

/** Recall ascends as the threshold falls. */
function pointsOf({ precision, recall }: ThresholdCurve): uPlot.AlignedData {
  const points = recall.flatMap((x, i) => (x === null || precision[i] === null ? [] : [[x, precision[i]!] as const]));
  points.reverse();
  return [points.map(([x]) => x), points.map(([, y]) => y)];
}

function drawPoint({ ctx, valToPos }: uPlot, { precision, recall }: CurveProps['at'], colour: string): void {
  if (precision === null || recall === null) return;
  const [x, y] = [valToPos(recall, 'x', true), valToPos(precision, 'y', true)];
  const density = window.devicePixelRatio || 1;
  ctx.beginPath();
  ctx.arc(x, y, 6 * density, 0, 2 * Math.PI);
  ctx.fillStyle = colour;
  ctx.fill();
  ctx.lineWidth = 2 * density;
  ctx.strokeStyle = '#ffffff';
  ctx.stroke();
}

/** Follows the pointer with the threshold whose point of the curve is nearest. @returns what ends it */
function dragging(plot: uPlot, latest: () => Pick<CurveProps, 'curve' | 'onTurn'>): () => void {
  const floor = run.value.floor;
  const follow = ({ clientX, clientY }: PointerEvent) => {
    const { left, top, width, height } = plot.over.getBoundingClientRect();
    const { curve, onTurn } = latest();
    let [best, nearest] = [Number.NaN, Number.POSITIVE_INFINITY];
    for (const [i, score] of curve.scoreThresholds.entries()) {
      const [x, y] = [curve.recall[i] ?? null, curve.precision[i] ?? null];
      if (x === null || y === null || score < floor) continue;
      const distance = (left + x * width - clientX) ** 2 + (top + (1 - y / 1.02) * height - clientY) ** 2;
      if (distance < nearest) [best, nearest] = [score, distance];
    }
    if (!Number.isNaN(best)) onTurn(best);
  };
  const down = (event: PointerEvent) => {
    plot.over.setPointerCapture(event.pointerId);
    follow(event);
  };
  const move = (event: PointerEvent) => {
    if (plot.over.hasPointerCapture(event.pointerId)) follow(event);
  };
  plot.over.addEventListener('pointerdown', down);
  plot.over.addEventListener('pointermove', move);
  return () => {
    plot.over.removeEventListener('pointerdown', down);
    plot.over.removeEventListener('pointermove', move);
  };
}
