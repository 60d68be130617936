import type { Rgb } from './label-colour.js';
import { escapeXml } from './text.js';

export function css([r, g, b]: Rgb): string {
  return `rgb(${r},${g},${b})`;
}

export function px(value: number): string {
  return value.toFixed(2);
}

/** @param y  of the letters' baseline */
export function textElement(text: string, x: number, y: number, fill: string): string {
  return `<text x="${px(x)}" y="${px(y)}" fill="${fill}" fill-opacity="1">${escapeXml(text)}</text>`;
}
