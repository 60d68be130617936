/** How many chunks of a queue are where. Apart from the queue, whose packages not everybody has. */
export interface QueueCounts {
  /** Taken by a worker. */
  running: number;
  waiting: number;
  /** Failed, and wait for their next attempt. */
  delayed: number;
}
