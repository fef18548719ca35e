export interface FileFault {
  readonly line: number;
  readonly column: number;
  /** `environments.production.hosts[0].url`; empty for the whole file. */
  readonly place: string;
  /** What is wrong, or what would be right: `must be a port, 1 to 65535`. */
  readonly message: string;
}

/** Everything that is wrong with the file, each with line and column as editors open them. */
export class FileFaults extends Error {
  override readonly name = 'FileFaults';

  constructor(
    readonly path: string,
    readonly faults: readonly FileFault[],
  ) {
    super(faults.map((fault) => sentence(path, fault)).join('\n'));
  }
}

function sentence(path: string, { line, column, place, message }: FileFault): string {
  return `${path}:${line}:${column}: ${place === '' ? '' : `${place} `}${message}`;
}
