export { count, printable } from '../../text/printable.js';
