/** A span of areas, pixels²; both ends belong to it. */
export interface AreaRange {
  name: string;
  least: number;
  most: number;
}

const HUGE = 1e10;

/** Of COCO: small below 32 × 32, large above 96 × 96. Source: pycocotools.cocoeval.Params. */
export const COCO_AREAS: readonly AreaRange[] = [
  { name: 'all', least: 0, most: HUGE },
  { name: 'small', least: 0, most: 32 ** 2 },
  { name: 'medium', least: 32 ** 2, most: 96 ** 2 },
  { name: 'large', least: 96 ** 2, most: HUGE },
];

export const ALL_AREAS: readonly AreaRange[] = COCO_AREAS.slice(0, 1);

export function inRange({ least, most }: AreaRange, area: number): boolean {
  return !(area < least || area > most);
}
