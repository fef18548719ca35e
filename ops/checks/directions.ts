import { tool } from './command.ts';
import { Fault } from './fault.ts';

/** With a TypeScript that it does not know, dependency-cruiser reads no module and is content. */
export async function directionsHold(): Promise<void> {
  const said = await tool('depcruise', 'src', '--config', 'ops/lint/dependency-cruiser.cjs');
  const modules = Number(/(\d+) modules/.exec(said)?.[1] ?? 0);
  if (modules === 0) throw new Fault(`dependency-cruiser read no module: ${said}`);
}
