import { changeCost } from '../../src/postprocess/rules/rule-regions.js';
import { randomNumbers } from './random.js';

/** Labels of ROAD-R, in the order of its requirements: agents, actions, places, states of lights. */
export const ROAD_R_LABELS = (
  'Ped Car Cyc Mobike MedVeh LarVeh Bus EmVeh TL OthTL Red Amber Green MovAway MovTow Mov Brake Stop IncatLeft IncatRht ' +
  'HazLit TurLft TurRht Ovtak Wait2X XingFmLft XingFmRht Xing PushObj VehLane OutgoLane OutgoCycLane IncomLane ' +
  'IncomCycLane Pav LftPav RhtPav Jun XingLoc BusStop Parking'
).split(' ');

/** A label set, and what it costs to change each label. */
export interface RandomBox {
  present: number[];
  costs: number[];
}

const THRESHOLD = 0.5;

/** Boxes with random scores, most of them low. */
export function randomBoxes(count: number, seed = 1): RandomBox[] {
  const random = randomNumbers(seed);
  return Array.from({ length: count }, () => {
    const scores = ROAD_R_LABELS.map(() => Math.fround(random() ** 3 * 0.98 + 0.01));
    return {
      present: scores.map((score) => (score >= THRESHOLD ? 1 : 0)),
      costs: scores.map((score) => changeCost(score, THRESHOLD)),
    };
  });
}
