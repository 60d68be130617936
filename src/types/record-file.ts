/** File of a run's folder with a line per image: everything that was recorded, down to the floor. */
export const RECORD_FILE = 'unfiltered.jsonl';
