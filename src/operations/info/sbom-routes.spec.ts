import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { OpsRequest } from '../listener/ops-routes.js';
import { sbomRoutes } from './sbom-routes.js';

describe('the SBOM', () => {
  const request: OpsRequest = { method: 'GET', path: '/sbom', headers: {}, body: '', parameter: '' };
  let folder: string;
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'plimsoll-sbom-'));
  });
  afterAll(() => rm(folder, { recursive: true }));

  test('is given as it was made with the image, to those who have the token', async () => {
    const file = join(folder, 'sbom.json');
    await writeFile(file, '{"bomFormat":"CycloneDX"}');
    const [route] = sbomRoutes(pathToFileURL(file));

    expect(await route?.answer(request)).toEqual({
      status: 200,
      contentType: 'application/vnd.cyclonedx+json',
      body: '{"bomFormat":"CycloneDX"}',
    });
    expect(route?.access).toBe('read');
  });

  test('is missing, with a reason, where nothing was built', async () => {
    const [route] = sbomRoutes(pathToFileURL(join(folder, 'none.json')));

    expect(await route?.answer(request)).toMatchObject({
      status: 404,
      body: { detail: expect.stringContaining('when the image is built') },
    });
  });
});
