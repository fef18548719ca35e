import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileOfTar } from './tar.js';

describe('the file of an archive', () => {
  let folder: string;
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'plimsoll-tar-'));
    writeFileSync(join(folder, 'production.env'), 'LOG_FORMAT=json\n# grüße\n');
    symlinkSync('production.env', join(folder, 'link.env'));
  });
  afterAll(() => rmSync(folder, { recursive: true }));

  const packed = (format: string, name: string) =>
    execFileSync('tar', ['--create', `--format=${format}`, `--directory=${folder}`, name]);

  it.each(['ustar', 'pax', 'gnu'])('is read in the format %s', (format) => {
    expect(fileOfTar(packed(format, 'production.env'))).toBe('LOG_FORMAT=json\n# grüße\n');
  });

  it('is none where there is a link, nothing, or no archive', () => {
    expect(fileOfTar(packed('ustar', 'link.env'))).toBeNull();
    expect(fileOfTar(Buffer.alloc(0))).toBeNull();
    expect(fileOfTar(Buffer.alloc(2048, 'x'))).toBeNull();
  });

  it('is none where a header leads back', () => {
    const described = Buffer.alloc(1024);
    described.write('-1000', 124 + 512);
    described.write('0', 124);
    described.write('x', 156);
    described.write('x', 156 + 512);
    expect(fileOfTar(described)).toBeNull();
  });
});
