import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Ajv2020, type ValidateFunction } from 'ajv/dist/2020.js';
import { parse } from 'yaml';
import { parsePlimsollFile } from '../../src/cli/plimsoll-file/read-plimsoll-file.js';
import { root } from './planted-tree.js';

const reference = join(root, 'docs/reference');

describe('the schema of plimsoll.yml for editors', () => {
  let example: string;
  let isRight: ValidateFunction;

  beforeAll(async () => {
    const page = await readFile(join(reference, 'plimsoll-yml.md'), 'utf8');
    example = /```yaml\n(.*?)```/s.exec(page)?.[1] ?? '';
    const schema = JSON.parse(await readFile(join(reference, 'plimsoll.schema.json'), 'utf8'));
    isRight = new Ajv2020({ strict: false }).compile(schema);
  });

  it('takes the example of the page, as the command does', () => {
    expect(isRight(parse(example))).toBe(true);
    expect(parsePlimsollFile(example).slot('production').hosts).toHaveLength(2);
  });

  it('takes the file that Plimsoll deploys itself with', async () => {
    const ours = await readFile(join(root, 'plimsoll.yml'), 'utf8');
    expect(isRight(parse(ours))).toBe(true);
    const slots = ['staging', 'production'].map((name) => parsePlimsollFile(ours).slot(name));
    expect(slots.map(({ service }) => service)).toEqual(['plimsoll', 'plimsoll']);
  });

  it.each([
    ['an unknown key', 'port:', 'prot:'],
    ['a value of another kind', 'port: 8080', 'port: web'],
    ['an image with a tag', 'acme/checkout', 'acme/checkout:1'],
    ['what is missing', 'service: checkout', ''],
    ['a host without its URL', ', url: "http://10.0.0.5:8080"', ''],
    ['an unknown operator in the gate', 'op: eq', 'op: is'],
  ])('refuses what the command refuses: %s', (_what, right, wrong) => {
    const text = example.replace(right, wrong);
    expect(text).not.toBe(example);
    expect(isRight(parse(text))).toBe(false);
    expect(() => parsePlimsollFile(text)).toThrow('plimsoll.yml:');
  });
});
