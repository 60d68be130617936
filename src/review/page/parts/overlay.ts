import type { Detection } from '../../../types/detections.js';
import type { InspectedCandidate, JudgedImage, ShownImage } from '../../protocol/messages.js';

/** Where a picture's pixels lie on a canvas: canvas = picture · scale + offset. */
export interface Placement {
  scale: number;
  left: number;
  top: number;
}

export interface OverlayOptions {
  colours: readonly string[];
  tags: boolean;
  /** Height of a tag's letters, points. */
  letters: number;
  /** Number of a detection that stands out; the others step back. */
  chosen?: number | null;
}

/** Wrong and missed, in colours that are told apart by red-green blind people as well, and by the dashes. */
const MISSED = '#ff4d8d';
const FOUND = '#ffffff';
const DASHES: readonly number[] = [5, 4];

/** The largest placement of a picture in a frame, in its middle. */
export function fitted(
  { width, height }: { width: number; height: number },
  frame: { width: number; height: number },
): Placement {
  const scale = Math.min(frame.width / width, frame.height / height) || 1;
  return { scale, left: (frame.width - width * scale) / 2, top: (frame.height - height * scale) / 2 };
}

/** Brings a canvas to its size on the screen and clears it. @returns a context in points */
export function cleared(canvas: HTMLCanvasElement): CanvasRenderingContext2D {
  const density = Math.min(window.devicePixelRatio || 1, 3);
  const { clientWidth, clientHeight } = canvas;
  const [width, height] = [Math.round(clientWidth * density), Math.round(clientHeight * density)];
  if (canvas.width !== width) canvas.width = width;
  if (canvas.height !== height) canvas.height = height;
  const context = canvas.getContext('2d')!;
  context.setTransform(density, 0, 0, density, 0, 0);
  context.clearRect(0, 0, clientWidth, clientHeight);
  return context;
}

/**
 * Draws the boxes of an image, the lowest score first, so that higher ones lie above; then their tags, the highest score first:
 * a tag that would cover another is left out.
 */
export function drawImage(
  context: CanvasRenderingContext2D,
  { detections, judged }: Pick<ShownImage, 'detections' | 'judged'>,
  place: Placement,
  options: OverlayOptions,
): void {
  const { chosen = null } = options;
  const opacity = (i: number) => (chosen === null || chosen === i ? 1 : 0.35);
  if (judged !== null) drawGroundTruth(context, judged, place);
  for (let i = detections.length - 1; i >= 0; i--) {
    context.globalAlpha = opacity(i);
    drawBox(context, detections[i]!, place, { ...options, wrong: isWrong(judged, i), thick: chosen === i });
  }
  const order = options.tags ? [...detections.keys()].sort((a, b) => Number(b === chosen) - Number(a === chosen)) : [];
  const taken: Rectangle[] = [];
  for (const i of order) {
    context.globalAlpha = opacity(i);
    drawTags(context, detections[i]!, { at: rectangle(detections[i]!, place), taken, ...options });
  }
  context.globalAlpha = 1;
}

/** Whether no label of a detection finds its ground truth. */
function isWrong(judged: JudgedImage | null, detection: number): boolean {
  const errors = judged?.errors[detection];
  return errors?.every((error) => error !== null) ?? false;
}

type Rectangle = readonly [x: number, y: number, width: number, height: number];

function rectangle({ box: [x1, y1, x2, y2] }: Pick<Detection, 'box'>, { scale, left, top }: Placement): Rectangle {
  return [x1 * scale + left, y1 * scale + top, (x2 - x1) * scale, (y2 - y1) * scale];
}

function overlaps([x, y, width, height]: Rectangle, [left, top, w, h]: Rectangle): boolean {
  return x < left + w && left < x + width && y < top + h && top < y + height;
}

function drawBox(
  context: CanvasRenderingContext2D,
  detection: Detection,
  place: Placement,
  { colours, wrong, thick }: OverlayOptions & { wrong: boolean; thick: boolean },
): void {
  const [x, y, width, height] = rectangle(detection, place);
  const colour = colours[detection.classId] ?? '#888888';
  context.setLineDash(wrong ? [...DASHES] : []);
  context.lineWidth = thick ? 5 : 3.5;
  context.strokeStyle = 'rgb(0 0 0 / 0.55)'; // a dark edge, for bright pictures
  context.strokeRect(x, y, width, height);
  context.lineWidth = thick ? 3 : 2;
  context.strokeStyle = colour;
  context.strokeRect(x, y, width, height);
  context.setLineDash([]);
}

/** The tags of a box, one below the other: above it, below it or inside, where nothing of `taken` is covered. */
function drawTags(
  context: CanvasRenderingContext2D,
  { labels }: Pick<Detection, 'labels'>,
  { at, taken, colours, letters }: Pick<OverlayOptions, 'colours' | 'letters'> & { at: Rectangle; taken: Rectangle[] },
): void {
  context.font = `600 ${letters}px system-ui, sans-serif`;
  context.textBaseline = 'middle';
  const height = letters + 5;
  const texts = labels.map(({ label, score }) => `${label} ${score.toFixed(2).replace(/^0/, '')}`);
  const widths = texts.map((text) => context.measureText(text).width + 8);
  const free = freePlace(at, { width: Math.max(...widths), height: height * labels.length }, { taken, context });
  if (free === null) return;
  taken.push(free);
  const [left, top] = free;
  for (const [i, { classId }] of labels.entries()) {
    const colour = colours[classId] ?? '#888888';
    context.fillStyle = colour;
    context.fillRect(left, top + i * height, widths[i]!, height);
    context.fillStyle = isBright(colour) ? '#000000' : '#ffffff';
    context.fillText(texts[i]!, left + 4, top + (i + 0.5) * height + 0.5);
  }
}

function freePlace(
  [x, y, boxWidth, boxHeight]: Rectangle,
  { width, height }: { width: number; height: number },
  { taken, context }: { taken: readonly Rectangle[]; context: CanvasRenderingContext2D },
): Rectangle | null {
  const { clientWidth, clientHeight } = context.canvas;
  const inside = (left: number, top: number): Rectangle => {
    return [clamped(left, clientWidth - width), clamped(top, clientHeight - height), width, height];
  };
  const places = [
    ...(y >= height ? [inside(x - 1, y - height), inside(x + boxWidth - width + 1, y - height)] : []),
    ...[inside(x - 1, y), inside(x - 1, y + boxHeight), inside(x + boxWidth - width + 1, y + boxHeight)],
  ];
  return places.find((place) => !taken.some((other) => overlaps(place, other))) ?? null;
}

function clamped(value: number, highest: number): number {
  return Math.max(0, Math.min(value, highest));
}

function drawGroundTruth(context: CanvasRenderingContext2D, { groundTruth }: JudgedImage, place: Placement): void {
  for (const { box, found, ignored } of groundTruth) {
    const [x, y, width, height] = rectangle({ box }, place);
    context.globalAlpha = ignored ? 0.4 : 1;
    context.setLineDash([]);
    context.lineWidth = 3;
    context.strokeStyle = 'rgb(0 0 0 / 0.5)';
    context.strokeRect(x, y, width, height);
    context.setLineDash([2, 3]);
    context.lineWidth = 2;
    context.strokeStyle = found || ignored ? FOUND : MISSED;
    context.strokeRect(x, y, width, height);
    if (found || ignored) continue;
    context.fillStyle = 'rgb(255 77 141 / 0.18)';
    context.fillRect(x, y, width, height);
  }
  context.setLineDash([]);
  context.globalAlpha = 1;
}

/**
 * Draws the places that the model saw and that are not visible: those that reach a threshold and were suppressed, the others
 * faintly; with a region that stands out, only what it suppresses.
 */
export function drawCandidates(
  context: CanvasRenderingContext2D,
  candidates: readonly InspectedCandidate[],
  place: Placement,
  { hovered, region }: { hovered: number | null; region: number | null },
): void {
  context.setLineDash([]);
  for (const [i, { box, region: own, labels, rival }] of candidates.entries()) {
    const isHovered = i === hovered;
    if (own >= 0 || (!isHovered && region !== null && rival?.region !== region)) continue;
    const reaches = labels.some((label) => label.reaches);
    context.lineWidth = isHovered ? 3 : 1;
    context.strokeStyle = isHovered ? '#ffffff' : `rgb(255 255 255 / ${reaches ? 0.85 : 0.14})`;
    context.strokeRect(...rectangle({ box }, place));
  }
}

/** Whether black is easier to read on a colour than white. Source: WCAG 2.2, relative luminance. */
export function isBright(colour: string): boolean {
  const [red, green, blue] = [1, 3, 5].map((at) => {
    const part = Number.parseInt(colour.slice(at, at + 2), 16) / 255;
    return part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4;
  }) as [number, number, number];
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue > 0.179;
}
