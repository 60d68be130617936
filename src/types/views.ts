/** In which ways a model looks at an image. */

export const FLIPS = ['none', 'horizontal', 'vertical'] as const;

export type Flip = (typeof FLIPS)[number];

export const VIEW_KINDS = ['tile', 'whole'] as const;

/** How a part of an image is changed before a model sees it. */
export interface Augmentation {
  /** What the part of the model's input that it is fitted into is multiplied by. */
  scale: number;
  /** 'horizontal': left and right are exchanged. */
  flip: Flip;
}

/** One way in which a model sees an image: a part of it, in pixels of the upright image, perhaps at another scale or mirrored. */
export interface View {
  kind: (typeof VIEW_KINDS)[number];
  left: number;
  top: number;
  width: number;
  height: number;
  /** Which of its sides lie inside the image, so that objects there are cut: a bit mask of `SIDE`. */
  inner: number;
  /** Default: as it is */
  augmentation?: Augmentation;
  /** Rows that are left out: those of the coarsest level in the largest view, of the finest in the smallest. Default: none */
  without?: 'coarsest' | 'finest';
}

export const SIDE = { left: 1, top: 2, right: 4, bottom: 8 } as const;
