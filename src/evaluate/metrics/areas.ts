/** A range of areas, pixels², both ends included. */
export interface AreaRange {
  name: string;
  min: number;
  max: number;
}

const HUGE = 1e10;

/** COCO's ranges: small up to 32 × 32, large from 96 × 96. Source: pycocotools.cocoeval.Params. */
export const COCO_AREAS: readonly AreaRange[] = [
  { name: 'all', min: 0, max: HUGE },
  { name: 'small', min: 0, max: 32 ** 2 },
  { name: 'medium', min: 32 ** 2, max: 96 ** 2 },
  { name: 'large', min: 96 ** 2, max: HUGE },
];

export const ALL_AREAS: readonly AreaRange[] = COCO_AREAS.slice(0, 1);

export function inRange({ min, max }: AreaRange, area: number): boolean {
  return !(area < min || area > max);
}
