import { didYouMean } from '../check/nearest-name.js';
import type { LabelList } from '../types/model.js';

/** What people call things that common label lists call otherwise. */
const OTHER_WORDS: Readonly<Record<string, readonly string[]>> = {
  ...{
    people: ['person'],
    persons: ['person'],
    human: ['person'],
    humans: ['person'],
    man: ['person'],
    woman: ['person'],
  },
  ...{ pedestrian: ['person'], pedestrians: ['person'], child: ['person'], face: ['person'], person: ['pedestrian'] },
  ...{
    bike: ['bicycle'],
    cycle: ['bicycle'],
    motorbike: ['motorcycle'],
    scooter: ['motorcycle'],
    motorcycle: ['motorbike'],
  },
  ...{
    automobile: ['car'],
    vehicle: ['car'],
    van: ['car', 'truck'],
    lorry: ['truck'],
    pickup: ['truck'],
    coach: ['bus'],
  },
  ...{ plane: ['airplane'], aeroplane: ['airplane'], airplane: ['aeroplane'], aircraft: ['airplane'], ship: ['boat'] },
  ...{
    sofa: ['couch'],
    couch: ['sofa'],
    table: ['dining table', 'diningtable'],
    plant: ['potted plant', 'pottedplant'],
  },
  ...{ television: ['tv', 'tvmonitor'], monitor: ['tv', 'tvmonitor'], tv: ['tvmonitor'], notebook: ['laptop'] },
  ...{ phone: ['cell phone'], mobile: ['cell phone'], smartphone: ['cell phone'], fridge: ['refrigerator'] },
  ...{ rucksack: ['backpack'], purse: ['handbag'], bag: ['handbag', 'backpack'], glass: ['wine glass'], mug: ['cup'] },
  ...{
    kitten: ['cat'],
    puppy: ['dog'],
    calf: ['cow'],
    cattle: ['cow'],
    pony: ['horse'],
    lamb: ['sheep'],
    animal: ['dog'],
  },
  ...{ stoplight: ['traffic light'], semaphore: ['traffic light'], hydrant: ['fire hydrant'], donuts: ['donut'] },
};

/** ` Did you mean "…"?` with the label that somebody means by a text; '' if none is likely. */
export function didYouMeanLabel(labels: LabelList, text: string): string {
  const typed = text.toLowerCase();
  const others = Object.hasOwn(OTHER_WORDS, typed) ? OTHER_WORDS[typed]! : [];
  const meant = others.find((label) => labels.includes(label));
  return meant === undefined ? didYouMean(labels, text) : ` Did you mean "${meant}"?`;
}
