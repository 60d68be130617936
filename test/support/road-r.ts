import { costOf } from '../../src/labels/rules/apply-rules.js';
import { randomNumbers } from './random.js';

/** Labels of ROAD-R, in the order of its requirements: agents, actions, places, states of lights. */
export const ROAD_R_LABELS = (
  'Ped Car Cyc Mobike MedVeh LarVeh Bus EmVeh TL OthTL Red Amber Green MovAway MovTow Mov Brake Stop IncatLeft IncatRht ' +
  'HazLit TurLft TurRht Ovtak Wait2X XingFmLft XingFmRht Xing PushObj VehLane OutgoLane OutgoCycLane IncomLane ' +
  'IncomCycLane Pav LftPav RhtPav Jun XingLoc BusStop Parking'
).split(' ');

export const ROAD_R_THRESHOLD = 0.5;

/** Boxes with random scores, most of them low. @returns [count] [labels] */
export function roadRScores(count: number): number[][] {
  const random = randomNumbers(41);
  return Array.from({ length: count }, () => ROAD_R_LABELS.map(() => random() ** 3));
}

/** What a solver is asked: which labels are present, and what it costs to change each, in whole units. */
export function changesOf(scores: readonly number[]): { present: number[]; costs: number[] } {
  return {
    present: scores.map((score) => Number(score >= ROAD_R_THRESHOLD)),
    costs: scores.map((score) => costOf(score, ROAD_R_THRESHOLD)),
  };
}
