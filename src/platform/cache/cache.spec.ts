import { Counter, Histogram } from 'prom-client';
import { Cache, type CacheOptions } from './cache.js';
import { CacheMeter } from './cache-meter.js';

const durations = new Histogram({ name: 'durations', help: '-', labelNames: ['cache', 'op'], registers: [] });

const fails = () => Promise.reject(new Error('the database is away'));

function aCache(options: Partial<CacheOptions<string>> = {}) {
  const operations = new Counter({
    name: 'operations',
    help: '-',
    labelNames: ['cache', 'op', 'result'],
    registers: [],
  });
  const meter = new CacheMeter('words', operations, durations);
  const loads: string[][] = [];
  const load = async (keys: readonly string[]) => {
    loads.push([...keys]);
    return new Map(keys.filter((key) => key !== 'nobody').map((key) => [key, key.toUpperCase()]));
  };
  const cache = new Cache<string>({ most: 10, believedForMs: Infinity, meter, ...options });
  const counted = async () => {
    const { values } = await operations.get();
    return Object.fromEntries(values.map(({ labels: { op, result }, value }) => [`${op} ${result}`, value]));
  };
  return {
    cache,
    load,
    loads,
    counted,
    one: (key: string) => cache.getMany([key], load).then((found) => found.get(key)),
  };
}

describe('a cache', () => {
  it('loads a key once', async () => {
    const { one, loads, counted } = aCache();
    expect([await one('a'), await one('a')]).toEqual(['A', 'A']);
    expect(loads).toEqual([['a']]);
    expect(await counted()).toEqual({ 'memory_get miss': 1, 'memory_get hit': 1, 'load ok': 1 });
  });

  it('gives what it has at hand without a promise', async () => {
    const { cache, one } = aCache();
    await one('a');
    expect(cache.get('a', () => Promise.reject(new Error('is not asked')))).toBe('A');
  });

  it('loads a key once however many ask at the same time', async () => {
    const { one, loads } = aCache();
    const answers = await Promise.all(Array.from({ length: 100 }, () => one('a')));
    expect(new Set(answers)).toEqual(new Set(['A']));
    expect(loads).toEqual([['a']]);
  });

  it('loads in one go what is neither at hand nor under way', async () => {
    const { cache, load, loads, one } = aCache();
    await one('a');
    const [first, second] = await Promise.all([cache.getMany(['a', 'b'], load), cache.getMany(['b', 'c', 'd'], load)]);
    expect(Object.fromEntries(first)).toEqual({ a: 'A', b: 'B' });
    expect(Object.fromEntries(second)).toEqual({ b: 'B', c: 'C', d: 'D' });
    expect(loads).toEqual([['a'], ['b'], ['c', 'd']]);
  });

  it('keeps that something is not there if it is to, apart from what is, and for its own time', async () => {
    const { cache, one } = aCache({ most: 1, absent: { most: 2, believedForMs: Infinity } });
    const ask = async (key: string) => {
      let asked = false;
      const answer = await cache.get(key, async () => {
        asked = true;
        return null;
      });
      return [answer, asked];
    };
    await one('a');
    expect([await ask('x'), await ask('x')]).toEqual([
      [null, true],
      [null, false],
    ]);
    await ask('y');
    await ask('z');
    expect(await ask('a')).toEqual(['A', false]);
    expect(await ask('x')).toEqual([null, true]);
    cache.forget();
    expect(await ask('z')).toEqual([null, true]);
  });

  it('asks for one key once at a time also while nothing is believed, and never gives what was asked too early', async () => {
    const { cache } = aCache({ mayBelieve: () => false });
    const begun: Array<(value: string) => void> = [];
    const load = () => new Promise<string>((resolve) => begun.push(resolve));
    const first = cache.get('a', load);
    const later = Array.from({ length: 50 }, () => cache.get('a', load));
    expect(begun).toHaveLength(1);
    begun[0]!('of before');
    expect(await first).toBe('of before');
    while (begun.length < 2) await Promise.resolve();
    begun[1]!('of now');
    expect(new Set(await Promise.all(later))).toEqual(new Set(['of now']));
    expect(begun).toHaveLength(2);
  });

  it('does not keep that something is not there', async () => {
    const { one, loads } = aCache();
    expect([await one('nobody'), await one('nobody')]).toEqual([undefined, undefined]);
    expect(loads).toHaveLength(2);
  });

  it('tells everybody who waits that a load has failed, and loads anew for the next', async () => {
    const { cache, load, one, counted } = aCache();
    const waiting = [cache.getMany(['a'], fails), cache.getMany(['a'], load)];
    for (const answer of waiting) await expect(answer).rejects.toThrow('the database is away');
    expect(await counted()).toMatchObject({ 'load error': 1 });
    expect(await one('a')).toBe('A');
  });

  it('lets go what was not used for longest', async () => {
    const { cache, one, loads } = aCache({ most: 2 });
    for (const key of ['a', 'b', 'a', 'c', 'a', 'b']) await one(key);
    expect(loads).toEqual([['a'], ['b'], ['c'], ['b']]);
    expect(cache.size).toBe(2);
  });

  it('believes nothing for longer than it may', async () => {
    const { one, loads } = aCache({ believedForMs: 0 });
    expect([await one('a'), await one('a')]).toEqual(['A', 'A']);
    expect(loads).toHaveLength(2);
  });
});

describe('a cache that is told to forget', () => {
  it('loads anew', async () => {
    const { cache, one, loads } = aCache();
    await one('a');
    cache.forget();
    await one('a');
    expect(loads).toHaveLength(2);
  });

  it('neither joins nor keeps a load that began before', async () => {
    const { cache, load } = aCache();
    const before = Promise.withResolvers<Map<string, string>>();
    const old = cache.getMany(['a'], () => before.promise);
    cache.forget();
    expect((await cache.getMany(['a'], load)).get('a')).toBe('A');
    before.resolve(new Map([['a', 'as it was']]));
    expect((await old).get('a')).toBe('as it was');
    expect(cache.get('a', () => Promise.reject(new Error('is not asked')))).toBe('A');
  });

  it('keeps and joins nothing while nobody could tell it', async () => {
    let hears = false;
    const { one, loads } = aCache({ mayBelieve: () => hears });
    await Promise.all([one('a'), one('a')]);
    expect(loads).toHaveLength(2);
    hears = true;
    await one('a');
    await one('a');
    expect(loads).toHaveLength(3);
  });
});
