/** Attributes of an SVG element; numbers are rounded to a hundredth. */
export type Attributes = Readonly<Record<string, string | number>>;

/** An SVG element as text. @param children  text of other elements, or escaped text */
export function element(name: string, attributes: Attributes, children: readonly string[] = []): string {
  const written = Object.entries(attributes).map(([key, value]) => ` ${key}="${escaped(shortened(value))}"`);
  const start = `<${name}${written.join('')}`;
  return children.length === 0 ? `${start}/>` : `${start}>${children.join('')}</${name}>`;
}

/** How a text stands: its size in pixels, its colour, and which end of it is at x. */
export interface TextStyle {
  size?: number;
  fill?: string;
  anchor?: 'start' | 'middle' | 'end';
  weight?: 'normal' | 'bold';
  /** Degrees, clockwise, around x and y. */
  rotate?: number;
}

/** A line of text with its baseline at y. */
export function chartText(content: string, x: number, y: number, style: TextStyle = {}): string {
  const { size = 12, fill = '#333333', anchor = 'start', weight = 'normal', rotate } = style;
  const turned = rotate === undefined ? {} : { transform: `rotate(${rotate} ${shortened(x)} ${shortened(y)})` };
  const look = { 'font-size': size, fill, 'text-anchor': anchor, ...(weight === 'bold' && { 'font-weight': weight }) };
  return element('text', { x, y, ...look, ...turned }, [escaped(content)]);
}

/** A straight line. */
export function line(from: readonly [number, number], to: readonly [number, number], attributes: Attributes): string {
  return element('line', { x1: from[0], y1: from[1], x2: to[0], y2: to[1], ...attributes });
}

/** A line through points. @param points  where one is null the line breaks */
export function polyline(points: readonly (readonly [number, number] | null)[], attributes: Attributes): string {
  let path = '';
  for (const [i, point] of points.entries()) {
    if (point === null) continue;
    const command = i > 0 && points[i - 1] !== null ? 'L' : 'M';
    path += `${command}${shortened(point[0])} ${shortened(point[1])}`;
  }
  return path === '' ? '' : element('path', { d: path, fill: 'none', 'stroke-linejoin': 'round', ...attributes });
}

/** A whole picture on white. */
export function picture({ width, height }: { width: number; height: number }, children: readonly string[]): string {
  const background = element('rect', { width, height, fill: '#ffffff' });
  const root = { xmlns: 'http://www.w3.org/2000/svg', width, height, viewBox: `0 0 ${width} ${height}` };
  return `${element('svg', { ...root, 'font-family': 'sans-serif' }, [background, ...children])}\n`;
}

/** About how wide a text is, pixels: no font is measured. */
export function estimatedWidth(content: string, size = 12): number {
  return content.length * size * 0.55;
}

function shortened(value: string | number): string {
  return typeof value === 'number' ? String(Math.round(value * 100) / 100) : value;
}

function escaped(content: string): string {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: XML 1.0 has no form for these
  const allowed = content.replace(/[\x00-\x08\x0b\x0c\x0e-\x1f]/g, '\ufffd');
  return allowed.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;');
}
