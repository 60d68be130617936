import { useEffect, useLayoutEffect, useRef, useState } from 'preact/hooks';
import type { ShownImage } from '../../protocol/messages.js';
import { cleared, drawImage, fitted } from '../parts/overlay.js';
import { cardWidth, corrections, hasFailed, info, open, order, run, shows, upToDate } from '../state.js';
import { crew } from '../workers.js';
import { PictureGrid } from './grid.js';

const CAPTION = 30;

/** Pictures with their boxes, as many as fit, of a run of any length. */
export function Gallery() {
  const { rows } = order.value;
  if (rows.length === 0) return <Empty />;
  return (
    <PictureGrid
      count={rows.length}
      width={cardWidth.value}
      heightOf={(width) => Math.round(width * (info.value.runs.length > 1 ? 1.5 : 0.75)) + CAPTION}
      label="Pictures"
      render={(place) => <Card key={rows[place]!} row={rows[place]!} place={place} />}
    />
  );
}

export function Empty() {
  const text = upToDate.value ? 'No picture fits these filters.' : 'Reading the run …';
  return <p class="empty">{text}</p>;
}

function Card({ row, place }: { row: number; place: number }) {
  const canvas = useRef<HTMLCanvasElement>(null);
  const other = useRef<HTMLCanvasElement>(null);
  const picture = useRef<HTMLImageElement>(null);
  const shown = useRef<ShownImage | undefined>(undefined);
  const [regions, setRegions] = useState<number | null>(null);
  const [broken, setBroken] = useState(false);
  const name = crew.name(row) ?? '';

  const draw = () => {
    if (canvas.current === null) return;
    const context = cleared(canvas.current);
    const image = shown.current;
    if (image === undefined || image.width === 0) return;
    const { clientWidth: width, clientHeight: height } = canvas.current;
    const options = { colours: run.value.colours, tags: shows.tags.value && width >= 150, letters: 10 };
    drawImage(context, image, fitted(image, { width, height }), options);
    if (other.current === null || image.rival === null) return;
    const { colours } = info.value.runs[1]!;
    const rival = { detections: image.rival, judged: null };
    drawImage(cleared(other.current), rival, fitted(image, { width, height }), { ...options, colours });
  };

  useEffect(() => {
    const end = crew.watch(row, (image) => {
      shown.current = image;
      draw();
      canvas.current?.setAttribute('data-regions', String(image.detections.length));
      setRegions(image.detections.length);
    });
    const { current } = picture;
    return () => {
      end();
      if (current !== null) current.removeAttribute('src'); // whoever scrolls on does not want it any more
    };
  }, [row]);
  useLayoutEffect(draw, [cardWidth.value, shows.tags.value]);

  const failed = hasFailed(row);
  const correction = corrections.value[row];
  const state = correction === undefined ? '' : correction.reviewed ? 'reviewed' : 'corrected';
  const count = regions === null ? '' : `${regions} ${regions === 1 ? 'region' : 'regions'}`;
  return (
    <button
      type="button"
      class="card"
      data-row={row}
      aria-label={[name, failed ? 'failed' : count, state].filter(Boolean).join(', ')}
      onClick={() => {
        open.value = place;
      }}
    >
      <span class="frame">
        {failed || broken ? (
          <span class="no-picture">{failed ? (crew.remarks(row)[0] ?? 'failed') : 'The picture cannot be shown.'}</span>
        ) : (
          <img ref={picture} src={`thumbnails/0/${row}.jpg`} alt="" decoding="async" onError={() => setBroken(true)} />
        )}
        <canvas ref={canvas} class="boxes" />
      </span>
      {info.value.runs.length > 1 && !failed && (
        <span class="frame other" title={info.value.runs[1]!.name}>
          <img src={`thumbnails/0/${row}.jpg`} alt="" decoding="async" />
          <canvas ref={other} class="boxes" />
        </span>
      )}
      <span class="caption">
        <span class="name">{name}</span>
        {state !== '' && <span class={`state ${state}`}>{state}</span>}
        <span class="count">{failed ? 'failed' : (regions ?? '')}</span>
      </span>
    </button>
  );
}
