import { useEffect, useRef, useState } from 'preact/hooks';
import { isStatic } from '../load.js';
import { isBright } from '../parts/overlay.js';
import { cardWidth, open, order, run } from '../state.js';
import { crew } from '../workers.js';
import { Empty } from './gallery.js';
import { PictureGrid } from './grid.js';

const CAPTION = 26;

/** Every visible label as a picture of its own, label after label. */
export function Patches() {
  const { rows, patches } = order.value;
  if (patches === null || rows.length === 0) return <Empty />;
  return (
    <PictureGrid
      count={rows.length}
      width={Math.round(cardWidth.value * 0.55)}
      heightOf={(width) => Math.round(width) + CAPTION}
      label="Patches"
      render={(place) => <Patch key={`${rows[place]}-${place}`} place={place} />}
    />
  );
}

function Patch({ place }: { place: number }) {
  const { rows, patches } = order.value;
  const row = rows[place]!;
  const classId = patches!.classIds[place]!;
  const box = patches!.boxes.subarray(4 * place, 4 * place + 4);
  const { labels, colours } = run.value;
  const colour = colours[classId]!;
  const first = place === 0 || patches!.classIds[place - 1] !== classId;
  return (
    <button
      type="button"
      class={first ? 'card patch first' : 'card patch'}
      aria-label={`${labels[classId]} ${patches!.scores[place]!.toFixed(2)} in ${crew.name(row) ?? ''}`}
      onClick={() => {
        open.value = place;
      }}
    >
      <span class="frame">
        <Crop row={row} box={box} />
      </span>
      <span class="caption">
        <span class="tag" style={{ background: colour, color: isBright(colour) ? '#000' : '#fff' }}>
          {labels[classId]}
        </span>
        <span class="count">{patches!.scores[place]!.toFixed(2)}</span>
      </span>
    </button>
  );
}

/** Around a box, so that its edge can be judged: a part of its longer side. */
const MARGIN = 0.1;

function Crop({ row, box }: { row: number; box: Float32Array }) {
  const canvas = useRef<HTMLCanvasElement>(null);
  const [broken, setBroken] = useState(false);
  const key = box.join();
  useEffect(() => {
    let gone = false;
    const picture = new Image();
    const [x1, y1, x2, y2] = box as unknown as [number, number, number, number];
    const end = crew.watch(row, ({ width }) => {
      if (gone || picture.src !== '' || width === 0) return;
      const margin = MARGIN * Math.max(x2 - x1, y2 - y1);
      picture.onload = () => {
        if (gone || canvas.current === null) return;
        const scale = picture.naturalWidth / width;
        const side = Math.max(x2 - x1, y2 - y1) + 2 * margin;
        const [left, top] = [(x1 + x2 - side) / 2, (y1 + y2 - side) / 2];
        const size = Math.round(canvas.current.clientWidth * Math.min(2, devicePixelRatio || 1));
        canvas.current.width = canvas.current.height = size;
        const context = canvas.current.getContext('2d')!;
        context.imageSmoothingQuality = 'high';
        context.drawImage(picture, left * scale, top * scale, side * scale, side * scale, 0, 0, size, size);
        context.strokeStyle = 'rgb(255 255 255 / 0.9)';
        context.lineWidth = Math.max(1, size / 200);
        const points = size / side;
        context.strokeRect((x1 - left) * points, (y1 - top) * points, (x2 - x1) * points, (y2 - y1) * points);
      };
      picture.onerror = () => setBroken(true);
      const small = Math.max(x2 - x1, y2 - y1) < width / 4; // of a thumbnail too little would be left
      picture.src = small && !isStatic() ? `pictures/0/${row}.jpg` : `thumbnails/0/${row}.jpg`;
    });
    return () => {
      gone = true;
      picture.onload = picture.onerror = null;
      picture.src = '';
      end();
    };
  }, [row, key]);
  if (broken) return <span class="no-picture">The picture cannot be shown.</span>;
  return <canvas ref={canvas} class="crop" />;
}
