import { statementText } from './statement-text.js';

describe('the text of a statement in a span', () => {
  test.each([
    ['SELECT *\n  FROM services WHERE slug = $1', 'SELECT * FROM services WHERE slug = $1'],
    ["SELECT 'canary' , 'canary' FROM t", 'SELECT ? , ? FROM t'],
    ["SELECT 1, 'a', E'a\\'canary' FROM t", 'SELECT 1, ?'],
    ["NOTIFY x, 'it''s a canary'", 'NOTIFY x, ??'],
    ["SELECT 'canary that is never closed", 'SELECT ?'],
  ])('of %j is %j', (text, shown) => {
    expect(statementText(text)).toBe(shown);
  });

  test('is cut, and shows nothing of a string that the cut leaves open', () => {
    const shown = statementText(`SELECT ${'a, '.repeat(300)}'${'canary'.repeat(100)}' FROM t`);

    expect(shown.length).toBeLessThanOrEqual(1024);
    expect(shown).not.toMatch(/canary|FROM/);
  });
});
