import { type LogFrame, logFrames } from './log-frames.js';

function frame(stream: number, text: string): Buffer {
  const header = Buffer.alloc(8);
  header[0] = stream;
  header.writeUInt32BE(Buffer.byteLength(text), 4);
  return Buffer.concat([header, Buffer.from(text)]);
}

async function* inPieces(bytes: Buffer, size: number): AsyncGenerator<Buffer> {
  for (let at = 0; at < bytes.length; at += size) yield bytes.subarray(at, at + size);
}

describe('the frames of a log', () => {
  it.each([1, 5, 7, 1000])('are the same whatever pieces they come in: of %s bytes', async (size) => {
    const bytes = Buffer.concat([frame(1, 'it is ready\n'), frame(2, 'no such täble\n'), frame(1, '')]);
    const frames: LogFrame[] = [];
    for await (const one of logFrames(inPieces(bytes, size))) frames.push(one);
    expect(frames).toEqual([
      { stream: 'stdout', text: 'it is ready\n' },
      { stream: 'stderr', text: 'no such täble\n' },
      { stream: 'stdout', text: '' },
    ]);
  });

  it('may not be of any length', async () => {
    const header = Buffer.from([1, 0, 0, 0, 0xff, 0, 0, 0]);
    await expect(logFrames(inPieces(header, 8)).next()).rejects.toThrow('too long');
  });
});
