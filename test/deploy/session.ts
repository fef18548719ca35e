import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

const readme = join(import.meta.dirname, '../../README.md');

/** The part of README.md between its two marks, which `npm run test:deploy:session` writes. */
const session =
  /(<!-- A recorded session: npm run test:deploy:session -->\n\n```text\n)[^]*?(\n```\n\n<!-- End of the session -->)/;

export interface Recorded {
  /** What was typed. */
  readonly command: string;
  readonly screens: readonly string[];
}

/** Puts what a person has seen into the README, if somebody wants it there. */
export async function record(sessions: readonly Recorded[]): Promise<void> {
  if (process.env['RECORD_SESSION'] !== 'true') return;
  const text = await readFile(readme, 'utf8');
  if (!session.test(text)) throw new Error('README.md has no place for a session.');
  const told = sessions.map(({ command, screens }) => `$ ${command}\n${storyOf(screens)}`).join('\n\n');
  await writeFile(
    readme,
    text.replace(session, (_, begin: string, end: string) => begin + told + end),
  );
}

/** The last moment at which the gate still watched, and how it ended. */
function storyOf(screens: readonly string[]): string {
  const watching = screens.findLast((screen) => screen.includes('the gate watches') && screen.includes('░')) ?? '';
  const end = (screens.at(-1) ?? '').trimEnd().split('\n');
  const seen = watching.trimEnd().split('\n');
  const first = end.findIndex((line, n) => line !== seen[n]);
  return [...seen, '', ...end.slice(Math.max(0, first))].map((line) => line.trimEnd()).join('\n');
}
