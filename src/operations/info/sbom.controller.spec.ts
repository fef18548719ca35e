import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { SbomController } from './sbom.controller.js';

describe('the SBOM', () => {
  let folder: string;
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'plimsoll-sbom-'));
  });
  afterAll(() => rm(folder, { recursive: true }));

  test('is given as it was made with the image', async () => {
    const file = join(folder, 'sbom.json');
    await writeFile(file, '{"bomFormat":"CycloneDX"}');
    expect(await new SbomController(pathToFileURL(file)).read()).toBe('{"bomFormat":"CycloneDX"}');
  });

  test('is missing, with a reason, where nothing was built', async () => {
    const controller = new SbomController(pathToFileURL(join(folder, 'none.json')));
    const detail = expect.stringContaining('when the image is built');

    await expect(controller.read()).rejects.toMatchObject({ status: 404, detail });
  });
});
