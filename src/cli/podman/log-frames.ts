const HEADER_BYTES = 8;
/** Podman sends a line a frame, and cuts longer ones itself. */
const MOST_BYTES = 1024 * 1024;

export interface LogFrame {
  readonly stream: 'stdout' | 'stderr';
  readonly text: string;
}

/** The frames of a log as they come, whatever pieces the bytes come in. */
export async function* logFrames(bytes: AsyncIterable<Buffer>): AsyncGenerator<LogFrame> {
  let rest = Buffer.alloc(0);
  for await (const piece of bytes) {
    rest = Buffer.concat([rest, piece]);
    for (;;) {
      if (rest.length < HEADER_BYTES) break;
      const end = HEADER_BYTES + rest.readUInt32BE(4);
      if (end > MOST_BYTES) throw new Error('Podman sends a log in frames that are too long');
      if (rest.length < end) break;
      yield { stream: rest[0] === 2 ? 'stderr' : 'stdout', text: rest.subarray(HEADER_BYTES, end).toString() };
      rest = rest.subarray(end);
    }
  }
}
