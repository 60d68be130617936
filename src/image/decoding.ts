import { Gate } from '../flow/gate.js';

/**
 * All that this process has libvips do. Its list of errors is one for the whole process: what is decoded beside an image may
 * add to that image's reasons, or take them away. A failure is therefore decided alone.
 */
export const decoding = new Gate();
