export { count, printable } from '../formats/printable.js';
