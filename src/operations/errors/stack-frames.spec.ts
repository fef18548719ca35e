import { fileURLToPath } from 'node:url';
import { applicationFile } from '../application-file.js';
import { framesOf } from './stack-frames.js';

const frameOf = (line: string) => framesOf(Object.assign(new Error('x'), { stack: `Error: x\n    ${line}` }))[0];
const main = applicationFile('dist/main.js').href;

describe('the frames of an error', () => {
  test.each([
    [`at Store.save (${main}:10:5)`, 'Store.save', 'app:///dist/main.js', true],
    [`at async Store.save (${main}:10:5)`, 'Store.save', 'app:///dist/main.js', true],
    [`at new Store (${main}:10:5)`, 'new Store', 'app:///dist/main.js', true],
    [`at ${main}:10:5`, '<anonymous>', 'app:///dist/main.js', true],
    [
      `at query (${applicationFile('node_modules/pg/lib/client.js').href}:10:5)`,
      'query',
      'app:///node_modules/pg/lib/client.js',
      false,
    ],
    [
      `at query (${fileURLToPath(applicationFile('node_modules/pg/a.js'))}:10:5)`,
      'query',
      'app:///node_modules/pg/a.js',
      false,
    ],
    ['at Socket.emit (node:events:10:5)', 'Socket.emit', 'node:events', false],
  ])('takes %s apart', (line, called, filename, isOurs) => {
    expect(frameOf(line)).toEqual({ function: called, filename, lineno: 10, colno: 5, in_app: isOurs });
  });

  test.each(['at Array.map (<anonymous>)', 'at async Promise.all (index 0)'])('has no line for %s', (line) => {
    expect(frameOf(line)).not.toHaveProperty('lineno');
  });

  test('are at most fifty, of lines that are cut', () => {
    const stack = `Error: x\n${`    at f (${'x'.repeat(10_000)}:1:1)\n`.repeat(1000)}`;
    const frames = framesOf(Object.assign(new Error('x'), { stack }));

    expect(frames).toHaveLength(50);
    expect(JSON.stringify(frames).length).toBeLessThan(50 * 700);
  });

  test('are none where there is no stack', () => {
    expect(framesOf(Object.assign(new Error('x'), { stack: undefined }))).toEqual([]);
  });
});
