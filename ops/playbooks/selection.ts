import type { Playbook } from './playbook.ts';
import { playbooks } from './playbooks.ts';

/** What is executed in every run of CI: short ones, of different kinds. */
const everyRun = new Set(['roll-back', 'revoke-a-leaked-token', 'lose-redis']);
const aDay = 2;

export const playbooksOfEveryRun = (): Playbook[] => playbooks.filter(({ page }) => everyRun.has(page));

/** Two others, so that in a week all are executed. */
export function playbooksOfTheDay(today: Date): Playbook[] {
  const others = playbooks.filter(({ page }) => !everyRun.has(page));
  const day = Math.floor(today.getTime() / 86_400_000);
  return Array.from({ length: aDay }, (_, index) => others[(day * aDay + index) % others.length]!);
}
