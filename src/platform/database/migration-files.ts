import { readdir } from 'node:fs/promises';
import { applicationFile } from '../../operations/application-file.js';

/** The migrations lie beside `src` and `dist` alike, as TypeScript that Node runs as it is. */
const FOLDER = applicationFile('migrations/');

export interface MigrationFile {
  /** As TypeORM knows it: the name of the class. */
  readonly name: string;
  readonly url: URL;
}

/** The migrations that this build knows, oldest first. */
export async function migrationFiles(): Promise<MigrationFile[]> {
  const files = (await readdir(FOLDER)).filter((file) => file.endsWith('.ts')).sort();
  return files.map((file) => ({ name: classNameOf(file), url: new URL(file, FOLDER) }));
}

/** `1795392000001-create-platform.ts` holds the class `CreatePlatform1795392000001`. */
function classNameOf(file: string): string {
  const [timestamp = '', ...words] = file.replace(/\.ts$/, '').split('-');
  return words.map((word) => word.charAt(0).toUpperCase() + word.slice(1)).join('') + timestamp;
}
