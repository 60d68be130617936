import { signal } from '@preact/signals';
import { useEffect, useRef } from 'preact/hooks';
import type { Box, Detection } from '../../../types/detections.js';
import { DAMAGED, FAILED } from '../../protocol/blocks.js';
import type { ShownImage } from '../../protocol/messages.js';
import { addLabel, keep, tidyBox, undo, withLabels, withoutLabel } from '../edit.js';
import { Toggle } from '../parts/controls.js';
import { corrections, info, inspecting, open, order, shows } from '../state.js';
import { crew } from '../workers.js';
import { Picture } from './picture.js';
import { Regions } from './regions.js';

/** The image that is shown by itself. */
export const shown = signal<ShownImage | null>(null);
export const chosenRegion = signal<number | null>(null);
export const hovered = signal<number | null>(null);
/** Of the candidates that are not visible, the one under the pointer. */
export const hoveredCandidate = signal<number | null>(null);
/** What a drag on the picture does. */
export const drawing = signal(false);
/** A box that waits for its label; null: none does. */
export const drawn = signal<Box | null>(null);
/** Whether a label is being added to the chosen region. */
export const labelling = signal(false);
/** Raised to bring the whole picture back into the frame, or to zoom about its middle. */
export const zoom = signal<{ factor: number | null }>({ factor: null });

export function Viewer({ place }: { place: number }) {
  const dialog = useRef<HTMLDialogElement>(null);
  const { rows } = order.value;
  const row = rows[Math.min(place, rows.length - 1)]!;
  useEffect(() => {
    const { current } = dialog;
    current!.showModal();
    return () => current!.close();
  }, []);
  useEffect(() => {
    forget();
    inspecting.value = row;
    return crew.watch(row, (image) => {
      shown.value = image;
    });
  }, [row]);
  const image = imageShown(row);
  useEffect(() => {
    const listener = (event: KeyboardEvent) => press(event, row, image);
    window.addEventListener('keydown', listener); // what has the focus may go away, a label's form for one
    return () => window.removeEventListener('keydown', listener);
  }, [row, image]);
  return (
    <dialog
      ref={dialog}
      class="viewer"
      aria-label={crew.name(row) ?? 'Picture'}
      onCancel={(event) => {
        event.preventDefault();
        back();
      }}
    >
      <Bar row={row} place={place} image={image} />
      <Picture
        key={row}
        row={row}
        image={image}
        editable={canEdit(image)}
        onBox={(region, box) => changeBox(row, image!, region, box)}
        onDraw={draw}
      />
      <Regions
        row={row}
        image={image}
        editable={canEdit(image)}
        onReject={(region, classId) => reject(row, image!, region, classId)}
        onLabel={(label, classId) => giveLabel(row, image!, label, classId)}
        onDelete={(region) => remove(row, image!, region)}
      />
    </dialog>
  );
}

/** The image as the run has it that is looked at: the first, or the one that it is compared with. */
function imageShown(row: number): ShownImage | null {
  const image = shown.value?.row === row ? shown.value : null;
  if (image === null || !shows.rival.value || image.rival === null) return image;
  return { ...image, detections: image.rival, judged: null, corrected: false, candidates: null };
}

/** Whether corrections can be made: not of an image that failed, nor of the run that is only compared with. */
function canEdit(image: ShownImage | null): image is ShownImage {
  return info.value.writable && !shows.rival.value && image !== null && (image.flags & FAILED) === 0;
}

function forget(): void {
  chosenRegion.value = hovered.value = hoveredCandidate.value = null;
  drawing.value = labelling.value = false;
  drawn.value = null;
}

function Bar({ row, place, image }: { row: number; place: number; image: ShownImage | null }) {
  const count = order.value.rows.length;
  const { groundTruth, runs } = info.value;
  const correction = corrections.value[row];
  return (
    <div class="bar">
      <button type="button" onClick={back} aria-label="Back to the gallery" aria-keyshortcuts="Escape">
        ← Back
      </button>
      <button
        type="button"
        disabled={place === 0}
        onClick={() => go(-1)}
        aria-label="Previous picture"
        title="Previous (←)"
      >
        ‹
      </button>
      <button
        type="button"
        disabled={place >= count - 1}
        onClick={() => go(1)}
        aria-label="Next picture"
        title="Next (→)"
      >
        ›
      </button>
      <h2>{crew.name(row) ?? ''}</h2>
      <span class="facts">
        {place + 1} of {count}
        {image !== null && image.width > 0 && ` · ${image.width} × ${image.height}`}
        {image !== null && (image.flags & DAMAGED) !== 0 && ' · damaged'}
      </span>
      {correction !== undefined && (
        <span class={correction.reviewed ? 'state reviewed' : 'state corrected'}>
          {correction.reviewed ? (correction.edited ? 'reviewed, corrected' : 'reviewed') : 'corrected'}
        </span>
      )}
      <span class="space" />
      <Toggle label="Names" keys="l" on={shows.tags.value} onTurn={(on) => (shows.tags.value = on)} />
      {groundTruth !== null && (
        <Toggle
          label="Ground truth"
          keys="g"
          on={shows.groundTruth.value}
          onTurn={(on) => (shows.groundTruth.value = on)}
        />
      )}
      {runs[0]!.candidates && (
        <Toggle
          label="Candidates"
          keys="c"
          on={shows.candidates.value}
          onTurn={(on) => (shows.candidates.value = on)}
        />
      )}
      {runs.length > 1 && (
        <Toggle label={runs[1]!.name} keys="b" on={shows.rival.value} onTurn={(on) => (shows.rival.value = on)} />
      )}
      <button type="button" onClick={() => (zoom.value = { factor: null })} title="All of it (0)">
        Fit
      </button>
      {canEdit(image) && (
        <>
          <Toggle label="Draw" keys="d" on={drawing.value} onTurn={(on) => (drawing.value = on)} />
          <button type="button" onClick={() => undo(row)} title="Undo (z)">
            Undo
          </button>
          <button type="button" class="main" onClick={() => accept(row, image)} title="Accept and go on (a)">
            Accept
          </button>
        </>
      )}
    </div>
  );
}

function back(): void {
  open.value = inspecting.value = null;
  shown.value = null;
}

function go(by: number): void {
  const place = (open.value ?? 0) + by;
  if (place >= 0 && place < order.value.rows.length) open.value = place;
}

function accept(row: number, { detections }: ShownImage): void {
  keep(row, { reviewed: true, edited: corrections.value[row]?.edited ?? false, regions: detections });
  go(1);
}

function edited(row: number, regions: (Detection | null)[]): void {
  const reviewed = corrections.value[row]?.reviewed ?? false;
  keep(row, { reviewed, edited: true, regions: regions.filter((region) => region !== null) });
}

function replaced(image: ShownImage, region: number, by: Detection | null): (Detection | null)[] {
  return image.detections.map((before, i) => (i === region ? by : before));
}

function reject(row: number, image: ShownImage, region: number, classId: number): void {
  const left = withoutLabel(image.detections[region]!, classId);
  if (left === null) chosenRegion.value = null;
  edited(row, replaced(image, region, left));
}

function remove(row: number, image: ShownImage, region: number): void {
  chosenRegion.value = hovered.value = null;
  edited(row, replaced(image, region, null));
}

function changeBox(row: number, image: ShownImage, region: number, box: Box): void {
  const tidy = tidyBox(box, image);
  if (tidy[2] <= tidy[0] || tidy[3] <= tidy[1]) return;
  edited(row, replaced(image, region, { ...image.detections[region]!, box: tidy }));
}

function draw(box: Box): void {
  drawing.value = false;
  if (shown.value === null) return;
  const tidy = tidyBox(box, shown.value);
  if (tidy[2] - tidy[0] < 1 || tidy[3] - tidy[1] < 1) return;
  drawn.value = tidy;
  labelling.value = true;
}

/** Gives the box that was drawn, or else the chosen region, a label. */
function giveLabel(row: number, image: ShownImage, label: string, classId: number): void {
  labelling.value = false;
  const box = drawn.value;
  drawn.value = null;
  if (box !== null) {
    edited(row, [...image.detections, withLabels(box, [{ label, classId, score: 1 }])]);
    chosenRegion.value = image.detections.length;
  } else if (chosenRegion.value !== null) {
    edited(
      row,
      replaced(image, chosenRegion.value, addLabel(image.detections[chosenRegion.value]!, { label, classId })),
    );
  }
}

const MOVES: Record<string, readonly [number, number]> = {
  ArrowLeft: [-1, 0],
  ArrowRight: [1, 0],
  ArrowUp: [0, -1],
  ArrowDown: [0, 1],
};

function press(event: KeyboardEvent, row: number, image: ShownImage | null): void {
  const { key, shiftKey, altKey, target } = event;
  if (/^(INPUT|SELECT)$/.test((target as HTMLElement).tagName) || event.ctrlKey || event.metaKey) return;
  const editable = canEdit(image);
  const region = chosenRegion.value === null ? undefined : image?.detections[chosenRegion.value];
  const move = MOVES[key];
  if (move !== undefined && shiftKey) {
    if (!editable || region === undefined) return;
    const [x1, y1, x2, y2] = region.box;
    const [dx, dy] = move;
    changeBox(
      row,
      image!,
      chosenRegion.value!,
      altKey ? [x1, y1, x2 + dx, y2 + dy] : [x1 + dx, y1 + dy, x2 + dx, y2 + dy],
    );
  } else if (key === 'ArrowLeft') go(-1);
  else if (key === 'ArrowRight') go(1);
  else if (key === '+' || key === '=') zoom.value = { factor: 1.25 };
  else if (key === '-') zoom.value = { factor: 0.8 };
  else if (key === '0') zoom.value = { factor: null };
  else if (key === 'c') shows.candidates.value = info.value.runs[0]!.candidates && !shows.candidates.value;
  else if (key === 'b') shows.rival.value = info.value.runs.length > 1 && !shows.rival.value;
  else if (!editable) return;
  else if (key === 'a') accept(row, image!);
  else if (key === 'd') drawing.value = !drawing.value;
  else if (key === 'z') undo(row);
  else if (region === undefined) return;
  else if (key === 'n') labelling.value = true;
  else if (key === 'r') reject(row, image!, chosenRegion.value!, region.classId);
  else if (key === 'Delete' || key === 'Backspace') remove(row, image!, chosenRegion.value!);
  else return;
  event.preventDefault();
}
