import type { ServicePlan } from './host-plan.model.js';
import { differingParts, settingsOf } from './container-settings.js';

function aPlan(container: Partial<ServicePlan['container']> = {}, more: Partial<ServicePlan> = {}): ServicePlan {
  const own = {
    repository: 'registry.example.com/checkout',
    environment: { ONE: '1', TWO: '2' },
    secrets: [],
    networks: [],
    volumes: [],
    tmpfs: [],
    limits: { memoryBytes: 1024, pids: 64 },
    ...container,
  };
  return { container: own, port: 8080, drain: { delayMs: 0, withinSeconds: 10 }, ...more } as ServicePlan;
}

describe('the settings of a container', () => {
  it('are the same in whatever order the variables stand', () => {
    expect(differingParts(settingsOf(aPlan()), aPlan({ environment: { TWO: '2', ONE: '1' } }))).toEqual([]);
  });

  it('differ in the parts that are others in the file, and tell no value', () => {
    const changed = aPlan({ environment: { ONE: 'hidden' }, limits: { memoryBytes: 2048, pids: 64 }, user: '1000' });
    expect(differingParts(settingsOf(aPlan()), changed)).toEqual(['environment', 'limits', 'user']);
    expect(settingsOf(changed)).not.toContain('hidden');
  });

  it('of a container that does not tell, or tells nonsense, are not known to differ', () => {
    for (const label of [null, '', '{', '7', 'null']) expect(differingParts(label, aPlan())).toEqual([]);
  });
});
