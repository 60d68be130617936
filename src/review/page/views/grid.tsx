import type { ComponentChildren } from 'preact';
import { useLayoutEffect, useRef, useState } from 'preact/hooks';

/** Browsers draw nothing at the end of elements that are higher than about 16 million points. */
const HIGHEST = 8_000_000;
/** Lines above and below that are drawn before they are seen. */
const SPARE = 1;
const GAP = 10;

interface GridProps {
  count: number;
  /** Least width of a cell, points. */
  width: number;
  heightOf: (width: number) => number;
  label: string;
  render: (place: number) => ComponentChildren;
}

/**
 * Cells of one size, of which only the visible ones are there. A grid that is higher than browsers allow is scrolled by
 * a scale: wheel and keys still move it by what is on the screen.
 */
export function PictureGrid({ count, width, heightOf, label, render }: GridProps) {
  const frame = useRef<HTMLDivElement>(null);
  const [size, setSize] = useState({ width: 0, height: 0 });
  const [top, setTop] = useState(0);
  useLayoutEffect(() => {
    const element = frame.current!;
    const measure = () => setSize({ width: element.clientWidth, height: element.clientHeight });
    const observer = new ResizeObserver(measure);
    observer.observe(element);
    measure();
    return () => observer.disconnect();
  }, []);

  const columns = Math.max(1, Math.floor((size.width - GAP) / (width + GAP)));
  const cellWidth = (size.width - GAP * (columns + 1)) / columns;
  const line = heightOf(cellWidth) + GAP;
  const total = Math.ceil(count / columns) * line + GAP;
  const shown = Math.min(total, HIGHEST);
  const scale = shown <= size.height ? 1 : (total - size.height) / (shown - size.height);
  const offset = top * scale;
  const first = Math.max(0, Math.floor((offset - GAP) / line) - SPARE);
  const last = Math.min(Math.ceil(count / columns), Math.ceil((offset + size.height) / line) + SPARE);

  const scroll = () => setTop(frame.current!.scrollTop);
  const move = (points: number) => {
    frame.current!.scrollTop += points / scale;
  };
  const wheel = (event: WheelEvent) => {
    if (scale === 1 || event.deltaMode !== 0) return;
    event.preventDefault();
    move(event.deltaY);
  };
  useLayoutEffect(() => {
    const element = frame.current!;
    element.addEventListener('wheel', wheel, { passive: false });
    return () => element.removeEventListener('wheel', wheel);
  });

  const cells: ComponentChildren[] = [];
  for (let place = first * columns; place < Math.min(count, last * columns); place++) {
    const lineNumber = Math.floor(place / columns);
    const style = {
      width: `${cellWidth}px`,
      height: `${line - GAP}px`,
      transform: `translate(${GAP + (place % columns) * (cellWidth + GAP)}px, ${GAP + lineNumber * line - offset + top}px)`,
    };
    cells.push(
      <li key={place} class="cell" style={style}>
        {render(place)}
      </li>,
    );
  }
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls has to be reached by keys
    <section class="grid" ref={frame} onScroll={scroll} aria-label={label} tabIndex={0} data-columns={columns}>
      <ul style={{ height: `${shown}px` }}>{size.width > 0 && cells}</ul>
    </section>
  );
}
