/**
 * Pascal VOC’s 20 classes, in the alphabetical order of its development kit. Source:
 * http://host.robots.ox.ac.uk/pascal/VOC/
 */
export const VOC: readonly string[] = `
aeroplane, bicycle, bird, boat, bottle, bus, car, cat, chair, cow, diningtable, dog, horse, motorbike, person,
pottedplant, sheep, sofa, train, tvmonitor
`
  .trim()
  .split(/,\s/);
