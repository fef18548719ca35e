const HEADER_BYTES = 8;

/**
 * The text of a log or of a program's output, in the order in which it was written. Podman sends it in frames: a byte
 * that says which stream, three that are 0, and the length.
 */
export function textOfFrames(bytes: Buffer): string {
  const texts: Buffer[] = [];
  let at = 0;
  while (at + HEADER_BYTES <= bytes.length) {
    const length = bytes.readUInt32BE(at + 4);
    texts.push(bytes.subarray(at + HEADER_BYTES, at + HEADER_BYTES + length));
    at += HEADER_BYTES + length;
  }
  return Buffer.concat(texts).toString();
}
