import { operationsErrors } from '../../src/operations/problems/operations.errors.js';
import { opsProblems } from '../../src/operations/problems/problem.js';
import { httpErrors } from '../../src/platform/http/problems/http.errors.js';

describe('the problems of the operations listener', () => {
  test('are those of the main port, or stand in a table of their own', () => {
    const documented = [...Object.values(httpErrors), ...Object.values(operationsErrors)];
    const rows = documented.map(({ code, status, title }) => ({ code, status, title }));

    expect(rows).toEqual(expect.arrayContaining([...opsProblems]));
  });
});
