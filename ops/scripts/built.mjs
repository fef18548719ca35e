import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { clone, node } from './clone.mjs';

// Becomes a built program: `node ops/scripts/built.mjs dist/migrate.js up`. A clone that is not built says so.
const [self, , program = '', ...args] = process.argv;
const path = join(clone, program);

if (existsSync(path) && existsSync(node)) {
  process.argv = [String(self), path, ...args];
  await import(path);
} else {
  process.stderr.write('✗ Plimsoll is not installed and built here. First run: npm ci && npm run build\n');
  process.exitCode = 1;
}
