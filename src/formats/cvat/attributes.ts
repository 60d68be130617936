/** The attribute with the score of a box's own label. */
export const SCORE_ATTRIBUTE = 'score';

const FURTHER_SCORE = 'score of ';

/** The attribute with the score of a further label, which is an attribute itself. */
export function scoreAttributeOf(label: string): string {
  return `${FURTHER_SCORE}${label}`;
}

const OWN = new Set([SCORE_ATTRIBUTE, 'confidence', 'difficult', 'crowd', 'rotation']);

/** Whether an attribute of a label's name says that a box has this label, and nothing else. */
export function isAttribute(label: string): boolean {
  return !OWN.has(label) && !label.startsWith(FURTHER_SCORE);
}
