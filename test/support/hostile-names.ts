/** Names of files that are hard on whoever takes them for text, patterns or options. */
export const HOSTILE_NAMES = [
  ...['a.jpg', 'a.png', 'A.JPG', 'x/a.jpg', 'y/a.jpg', 'caf\u00e9.jpg', 'cafe\u0301.jpg', 'line\nfeed.jpg', '-rf.jpg'],
  ...[
    ' space .jpg',
    `quote'"\`.jpg`,
    '<&>.jpg',
    '100%41#?.jpg',
    'a..b.jpg',
    '食卓\u2028.jpg',
    'back\\slash.jpg',
    '*?[a].jpg',
  ],
  `${'long'.repeat(62)}.jpg`,
];
