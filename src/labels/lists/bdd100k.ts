/**
 * BDD100K’s 10 classes of the detection task. Source: https://github.com/bdd100k/bdd100k, bdd100k/configs/det.toml.
 */
export const BDD100K: readonly string[] = `
pedestrian, rider, car, truck, bus, train, motorcycle, bicycle, traffic light, traffic sign
`
  .trim()
  .split(/,\s/);
