import { useSignalEffect } from '@preact/signals';
import { useEffect, useLayoutEffect, useRef } from 'preact/hooks';
import type { Box } from '../../../types/detections.js';
import type { ShownImage } from '../../protocol/messages.js';
import { cleared, drawCandidates, drawImage, fitted, type Placement } from '../parts/overlay.js';
import { boxAt, dragged, type Grip, gripAt, type Point, toPicture, zoomed } from '../parts/stage.js';
import { hasFailed, lookedAt, shows } from '../state.js';
import { crew } from '../workers.js';
import { chosenRegion, drawing, drawn, hovered, hoveredCandidate, zoom } from './viewer.js';

interface PictureProps {
  row: number;
  image: ShownImage | null;
  /** Whether boxes can be moved. */
  editable: boolean;
  onBox: (region: number, box: Box) => void;
  onDraw: (box: Box) => void;
}

/** A drag that has begun: over the picture, of a box, or of a new one. */
interface Drag {
  from: Point;
  moved: boolean;
  grip: Grip | null;
  place: Placement;
}

/** Clicks of an unsteady hand are no drags, points. */
const STILL = 4;

/** A picture that can be zoomed and moved, with its boxes on it. */
export function Picture({ row, image, editable, onBox, onDraw }: PictureProps) {
  const frame = useRef<HTMLDivElement>(null);
  const picture = useRef<HTMLImageElement>(null);
  const canvas = useRef<HTMLCanvasElement>(null);
  const place = useRef<Placement>({ scale: 0, left: 0, top: 0 });
  const drag = useRef<Drag | null>(null);
  const moving = useRef<Box | null>(null);
  const latest = useRef(image);
  latest.current = image;

  const fitPicture = () => {
    const { clientWidth: width, clientHeight: height } = frame.current!;
    const { current: now } = latest;
    if (now === null || now.width === 0) return;
    place.current = fitted(now, { width: width - 24, height: height - 24 });
    place.current.left += 12;
    place.current.top += 12;
  };
  const draw = () => {
    const now = latest.current;
    if (canvas.current === null || now === null || now.width === 0) return;
    const { scale, left, top } = place.current;
    const { style } = picture.current!;
    style.width = `${now.width * scale}px`;
    style.height = `${now.height * scale}px`;
    style.transform = `translate(${left}px, ${top}px)`;
    const context = cleared(canvas.current);
    const options = {
      colours: lookedAt().colours,
      tags: shows.tags.value,
      letters: 12,
      chosen: hovered.value ?? chosenRegion.value,
    };
    const box = moving.current;
    const detections = now.detections.map((region, i) =>
      box !== null && i === chosenRegion.value ? { ...region, box } : region,
    );
    if (shows.candidates.value) {
      const region = hovered.value ?? chosenRegion.value;
      drawCandidates(context, now.candidates ?? [], place.current, { hovered: hoveredCandidate.value, region });
    }
    drawImage(context, { detections, judged: now.judged }, place.current, options);
    const added = drawn.value ?? (drawing.value ? box : null);
    if (added !== null) outline(context, added, place.current);
  };

  useLayoutEffect(() => {
    const observer = new ResizeObserver(() => {
      fitPicture();
      draw();
    });
    observer.observe(frame.current!);
    return () => observer.disconnect();
  }, []);
  useLayoutEffect(() => {
    if (place.current.scale === 0) fitPicture();
    draw();
  }, [image]);
  useSignalEffect(() => {
    void [
      shows.candidates.value,
      hoveredCandidate.value,
      chosenRegion.value,
      hovered.value,
      drawing.value,
      drawn.value,
      shows.tags.value,
    ];
    draw();
  });
  useSignalEffect(() => {
    const { factor } = zoom.value;
    if (frame.current === null) return;
    const { clientWidth: width, clientHeight: height } = frame.current;
    if (factor === null) fitPicture();
    else place.current = zoomed(place.current, factor, [width / 2, height / 2], 0.02);
    draw();
  });
  useEffect(() => {
    const element = frame.current!;
    const wheel = (event: WheelEvent) => {
      event.preventDefault();
      place.current = zoomed(place.current, 1.0015 ** -event.deltaY, pointOf(event), 0.02);
      draw();
    };
    element.addEventListener('wheel', wheel, { passive: false });
    return () => element.removeEventListener('wheel', wheel);
  }, []);

  const pointOf = ({ clientX, clientY }: MouseEvent): Point => {
    const { left, top } = frame.current!.getBoundingClientRect();
    return [clientX - left, clientY - top];
  };
  const down = (event: PointerEvent) => {
    if (event.button !== 0 || image === null) return;
    frame.current!.setPointerCapture(event.pointerId);
    const from = pointOf(event);
    const region = chosenRegion.value === null ? undefined : image.detections[chosenRegion.value];
    const grip = drawing.value || region === undefined || !editable ? null : gripAt(region, from, place.current);
    drag.current = { from, moved: false, grip, place: place.current };
  };
  const move = (event: PointerEvent) => {
    const point = pointOf(event);
    const { current } = drag;
    if (image === null) return;
    if (current === null) {
      const under = boxAt(image.detections, point, place.current);
      hovered.value = under < 0 ? null : under;
      hoveredCandidate.value = under < 0 && shows.candidates.value ? candidateAt(image, point, place.current) : null;
      return;
    }
    const [dx, dy] = [point[0] - current.from[0], point[1] - current.from[1]];
    if (!current.moved && Math.hypot(dx, dy) < STILL) return;
    current.moved = true;
    if (drawing.value) {
      moving.current = [...toPicture(current.from, place.current), ...toPicture(point, place.current)];
    } else if (current.grip !== null) {
      const { scale } = place.current;
      moving.current = dragged(image.detections[chosenRegion.value!]!.box, current.grip, [dx / scale, dy / scale]);
    } else place.current = { ...current.place, left: current.place.left + dx, top: current.place.top + dy };
    draw();
  };
  const up = (event: PointerEvent) => {
    const { current } = drag;
    const box = moving.current;
    drag.current = moving.current = null;
    if (current === null || image === null) return;
    if (!current.moved) {
      const under = boxAt(image.detections, pointOf(event), place.current);
      chosenRegion.value = under < 0 ? null : under;
    } else if (drawing.value && box !== null) onDraw(box);
    else if (current.grip !== null && box !== null) onBox(chosenRegion.value!, box);
    draw();
  };
  const failed = hasFailed(row);
  return (
    <div
      ref={frame}
      class={drawing.value ? 'stage drawing' : 'stage'}
      onPointerDown={down}
      onPointerMove={move}
      onPointerUp={up}
      onPointerLeave={() => {
        hovered.value = hoveredCandidate.value = null;
      }}
    >
      {failed ? (
        <p class="empty">{crew.remarks(row)[0] ?? 'The image failed.'}</p>
      ) : (
        <>
          <img ref={picture} src={`pictures/0/${row}.jpg`} alt="" draggable={false} />
          <canvas ref={canvas} />
        </>
      )}
    </div>
  );
}

/** The smallest candidate under a point that is not visible itself. */
function candidateAt({ candidates }: ShownImage, point: Point, place: Placement): number | null {
  const hidden = (candidates ?? []).map((each, i) => ({ ...each, i })).filter(({ region }) => region < 0);
  const under = boxAt(hidden, point, place);
  return under < 0 ? null : hidden[under]!.i;
}

function outline(context: CanvasRenderingContext2D, [x1, y1, x2, y2]: Box, { scale, left, top }: Placement): void {
  context.setLineDash([6, 4]);
  context.lineWidth = 2;
  context.strokeStyle = '#ffffff';
  context.strokeRect(x1 * scale + left, y1 * scale + top, (x2 - x1) * scale, (y2 - y1) * scale);
  context.setLineDash([]);
}
