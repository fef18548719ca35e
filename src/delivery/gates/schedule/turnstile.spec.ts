import { Party, Turnstile } from './turnstile.js';

/** Work that lasts until it is let go. */
function works(turnstile: Turnstile) {
  const started: string[] = [];
  const letGo = new Map<string, () => void>();
  const begin = (party: Party, name: string): Promise<void> =>
    turnstile.pass(party, () => {
      started.push(name);
      return new Promise((resolve) => letGo.set(name, resolve));
    });
  const finish = async (name: string): Promise<void> => {
    letGo.get(name)?.();
    await new Promise(setImmediate);
  };
  return { started, begin, finish };
}

describe('a turnstile', () => {
  it('lets in no more than there is room for, in the order of their coming', async () => {
    const { started, begin, finish } = works(new Turnstile(2, 2));
    const party = new Party();
    for (const name of ['1', '2', '3', '4']) void begin(party, name);
    expect(started).toEqual(['1', '2']);
    await finish('2');
    await finish('1');
    expect(started).toEqual(['1', '2', '3', '4']);
  });

  it('does not let a slow party keep others out', async () => {
    const { started, begin, finish } = works(new Turnstile(3, 2));
    const [slow, quick] = [new Party(), new Party()];
    for (const name of ['s1', 's2', 's3', 's4']) void begin(slow, name);
    for (const name of ['q1', 'q2']) void begin(quick, name);
    expect(started).toEqual(['s1', 's2', 'q1']);
    await finish('q1');
    expect(started).toEqual(['s1', 's2', 'q1', 'q2']);
  });

  it('serves those who wait in turn by party', async () => {
    const { started, begin, finish } = works(new Turnstile(1, 1));
    const [greedy, modest] = [new Party(), new Party()];
    for (const name of ['g1', 'g2', 'g3']) void begin(greedy, name);
    void begin(modest, 'm1');
    await finish('g1');
    await finish('m1');
    await finish('g2');
    expect(started).toEqual(['g1', 'm1', 'g2', 'g3']);
  });

  it('makes room after work that has failed', async () => {
    const turnstile = new Turnstile(1, 1);
    const party = new Party();
    const failed = turnstile.pass(party, () => Promise.reject(new Error('no')));
    const next = turnstile.pass(party, () => Promise.resolve('yes'));
    await expect(failed).rejects.toThrow('no');
    await expect(next).resolves.toBe('yes');
  });
});
