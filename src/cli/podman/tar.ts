const BLOCK = 512;
const SIZE_AT = 124;
const TYPE_AT = 156;
const REGULAR = new Set(['0', '\0']);

/** The text of the one file that Podman packs into an archive; null where it is a folder or a link. */
export function fileOfTar(archive: Buffer): string | null {
  for (let at = 0; at + BLOCK <= archive.length;) {
    const size = Number.parseInt(archive.toString('latin1', at + SIZE_AT, at + SIZE_AT + 12), 8);
    const type = archive.toString('latin1', at + TYPE_AT, at + TYPE_AT + 1);
    // A host says what it likes: with a size below zero this would go on for ever.
    if (!(size >= 0)) return null;
    if (REGULAR.has(type)) return archive.toString('utf8', at + BLOCK, at + BLOCK + size);
    // What comes before it describes it: long names, times.
    if (type !== 'x' && type !== 'g' && type !== 'L') return null;
    at += BLOCK + Math.ceil(size / BLOCK) * BLOCK;
  }
  return null;
}
