import { type Phase, type PhaseEvent, ProcessPhase } from './process-phase.js';

const pathTo: Record<Phase, PhaseEvent[]> = {
  starting: [],
  ready: ['started'],
  draining: ['started', 'signal'],
  stopped: ['started', 'signal', 'closed'],
};

const rules: Array<[Phase, PhaseEvent, Phase, number | 'ignored']> = [
  ['starting', 'started', 'ready', 0],
  ['starting', 'signal', 'draining', 0],
  ['starting', 'fatal', 'draining', 70],
  ['starting', 'deadline', 'starting', 'ignored'],
  ['starting', 'closed', 'starting', 'ignored'],
  ['ready', 'started', 'ready', 'ignored'],
  ['ready', 'signal', 'draining', 0],
  ['ready', 'fatal', 'draining', 70],
  ['ready', 'deadline', 'ready', 'ignored'],
  ['ready', 'closed', 'ready', 'ignored'],
  ['draining', 'started', 'draining', 'ignored'],
  ['draining', 'signal', 'stopped', 130],
  ['draining', 'fatal', 'draining', 70],
  ['draining', 'deadline', 'stopped', 124],
  ['draining', 'closed', 'stopped', 0],
  ['stopped', 'started', 'stopped', 'ignored'],
  ['stopped', 'signal', 'stopped', 'ignored'],
  ['stopped', 'fatal', 'stopped', 'ignored'],
  ['stopped', 'deadline', 'stopped', 'ignored'],
  ['stopped', 'closed', 'stopped', 'ignored'],
];

function phaseAfter(events: PhaseEvent[]): ProcessPhase {
  const phase = new ProcessPhase();
  for (const event of events) phase.apply(event);
  return phase;
}

describe('the phases of the process', () => {
  test.each(rules)('%s, %s: %s (%s)', (from, event, to, exitCode) => {
    const phase = phaseAfter(pathTo[from]);

    const isMeant = phase.apply(event);

    expect(phase.current).toBe(to);
    expect(isMeant).toBe(exitCode !== 'ignored');
    expect(phase.exitCode).toBe(exitCode === 'ignored' ? 0 : exitCode);
  });

  test('the rules above are every phase × event', () => {
    expect(new Set(rules.map(([from, event]) => `${from} ${event}`)).size).toBe(4 * 5);
  });

  test('a fatal error while draining is remembered when it closes', () => {
    expect(phaseAfter(['started', 'signal', 'fatal', 'closed']).exitCode).toBe(70);
  });

  test('listeners hear of a change, not of an event that changes nothing', () => {
    const phase = new ProcessPhase();
    const heard: string[] = [];
    phase.onChange((current, previous) => heard.push(`${previous} → ${current}`));

    for (const event of ['started', 'signal', 'fatal', 'closed', 'closed'] as const) phase.apply(event);

    expect(heard).toEqual(['starting → ready', 'ready → draining', 'draining → stopped']);
  });

  test('counts as draining to the end', () => {
    expect(phaseAfter(['started']).isDraining).toBe(false);
    expect(phaseAfter(pathTo.draining).isDraining).toBe(true);
    expect(phaseAfter(pathTo.stopped).isDraining).toBe(true);
  });
});
