import { execFile } from 'node:child_process';
import { mkdir, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { build } from 'esbuild';
import { bundling } from '../../ops/scripts/bundling.mjs';
import { fingerprintOf } from '../../src/operations/errors/fingerprint.js';

const store = `
class Base { #check(row) { throw new TypeError('no ' + row); } write(row) { this.#check(row); } }
let Store = class Store extends Base { async save(rows) { await null; rows.map((row) => this.write(row)); } };
export const saveAll = (rows) => new Store().save(rows);`;
const namesakes = `
export class Base {}
export class Store { saveAll() {} }
export function saveAll() {}`;
const main = (before: string) => `
${before}
import { saveAll } from './store.js';
await saveAll([process.argv[2]]).catch((error) => console.log(error.stack));`;

/** What the next release has: other lines, other files, and names that meet those of the first one in the bundle. */
const releases = {
  first: { 'main.js': main(''), 'store.js': store },
  next: {
    'main.js': main(
      `import { Base, Store, saveAll as all } from './namesakes.js'; globalThis.kept = [Base, Store, all];`,
    ),
    'namesakes.js': namesakes,
    'store.js': `${Array.from({ length: 50 }, (_, n) => `export const added${n} = () => ${n};`).join('\n')}\n${store}`,
  },
};

const errorWith = (stack: string) => Object.assign(new TypeError(), { stack });

describe('the fingerprint of an error', () => {
  let folder: string;
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'plimsoll-grouping-'));
  });
  afterEach(() => rm(folder, { recursive: true }));

  /** The stack that an error has in the bundle of these sources, made as the image's is. */
  async function stackIn(release: keyof typeof releases, row: string): Promise<string> {
    const sources = join(folder, release);
    await mkdir(sources);
    for (const [name, text] of Object.entries(releases[release])) await writeFile(join(sources, name), text);
    const outdir = join(folder, `${release}-bundle`);
    await build({ ...bundling, entryPoints: [join(sources, 'main.js')], entryNames: '[name]-[hash]', outdir });
    const [program] = await readdir(outdir);
    return (await promisify(execFile)(process.execPath, [join(outdir, program!), row])).stdout.trimEnd();
  }

  test('is the same in the bundle of the next release, whose files, lines and colliding names are others', async () => {
    const [first, next] = [await stackIn('first', '1'), await stackIn('next', '2')];

    expect(first.split('\n')[2]).not.toBe(next.split('\n')[2]);
    expect(fingerprintOf(errorWith(first))).toBe(fingerprintOf(errorWith(next)));
  });
});
