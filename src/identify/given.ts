import { type FamilyInput, type GivenParts, type Recognition, settled } from './recognition.js';
import { isHead } from './spec/model-spec.js';

const PREPARATION = ['channels', 'scale', 'mean', 'std', 'fit', 'padValue'] satisfies (keyof FamilyInput)[];

/** What the user says a model is, where that is enough to use it: its head, and how its input is prepared. */
export function recogniseGiven({ head, input }: GivenParts): Recognition | null {
  if (!isHead(head) || !PREPARATION.every((field) => field in input)) return null;
  const prepared = Object.fromEntries(PREPARATION.map((field) => [field, input[field]]));
  const { interpolation = 'antialias' } = input;
  const because = 'interpolation' in input ? 'given' : 'what a spec means that does not say';
  return {
    family: `${head.family} as given`,
    head,
    input: { ...prepared, interpolation } as FamilyInput, // checked with the spec that comes of it
    classes: null,
    decisions: [
      settled('family', head.family, 'the spec says so'),
      settled('input', 'as in the spec', 'given'),
      settled('input.interpolation', String(interpolation), because),
    ],
  };
}
