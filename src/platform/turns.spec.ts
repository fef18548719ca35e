import { Turns } from './turns.js';

function aLoad() {
  const { promise, resolve, reject } = Promise.withResolvers<string>();
  const begun = { times: 0 };
  const load = () => {
    begun.times += 1;
    return promise;
  };
  return { load, begun, resolve, reject };
}

describe('loads that take turns', () => {
  it('begin one after the other, and whoever waits for the next one shares it', async () => {
    const turns = new Turns<string>();
    const [first, second, third] = [aLoad(), aLoad(), aLoad()];
    const answers = [first, second, third].map(({ load }) => turns.take('key', load));
    expect([first, second, third].map(({ begun }) => begun.times)).toEqual([1, 0, 0]);
    first.resolve('1');
    await answers[0];
    second.resolve('2');
    expect(await Promise.all(answers)).toEqual(['1', '2', '2']);
    expect([second, third].map(({ begun }) => begun.times)).toEqual([1, 0]);
  });

  it('go on after one that failed, and only who asked for that one hears of it', async () => {
    const turns = new Turns<string>();
    const [first, second] = [aLoad(), aLoad()];
    const [failed, answer] = [turns.take('key', first.load), turns.take('key', second.load)];
    first.reject(new Error('away'));
    second.resolve('2');
    await expect(failed).rejects.toThrow('away');
    expect(await answer).toBe('2');
  });

  it('do not wait for those of other keys', () => {
    const turns = new Turns<string>();
    const [one, other] = [aLoad(), aLoad()];
    void turns.take('one', one.load);
    void turns.take('other', other.load);
    expect(other.begun.times).toBe(1);
  });
});
