import { nameValues } from './name-values.js';

describe('a list of names and values', () => {
  test.each([
    ['api-key=a', { 'api-key': 'a' }],
    [' tenant = a , authorization = Bearer%20a=b%2C ,', { tenant: 'a', authorization: 'Bearer a=b,' }],
    ['deployment.environment.name=', { 'deployment.environment.name': '' }],
  ])('%j is read as OpenTelemetry writes it', (text, values) => {
    expect(nameValues.parse(text)).toEqual(values);
  });

  test.each(['Bearer canary', '=canary', 'a b=canary', 'a=%', 'a=canary%0D%0Ab: c'])('%j is a fault', (text) => {
    const result = nameValues.safeParse(text);

    expect(result.error?.issues.map(({ message }) => message).join()).toMatch(/^must be name=value/);
    expect(result.error?.message).not.toContain('canary');
  });
});
