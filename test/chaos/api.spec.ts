import { Api, type Call } from './modules.js';

type Answer = number | { status: number; code?: string };

const answerOf = (answer: Answer) => {
  const { status, code } = typeof answer === 'number' ? { status: answer, code: undefined } : answer;
  return { status, body: code === undefined ? '{}' : JSON.stringify({ type: `urn:plimsoll:problem:${code}` }) };
};

/** A client whose requests are answered so, one after the other; 0 is no answer at all. */
function aClient(...answers: Answer[]) {
  const calls: Call[] = [];
  const keys: unknown[] = [];
  let time = 0;
  const api = new Api(
    async (_method, _path, _body, added) => {
      keys.push((added as Record<string, unknown>)['idempotency-key']);
      const answer = answers.shift() ?? 200;
      if (answer === 0) throw new Error('socket hang up');
      return answerOf(answer);
    },
    { add: (call) => void calls.push(call) },
    () => (time += 1),
  );
  const wish = { slot: 'a', act: 'start', attempt: 'x', method: 'POST', path: '/v1/deployments', body: {} };
  return { api, calls, keys, wish };
}

const busy = { status: 409, code: 'slot-busy' };

describe('a client of chaos', () => {
  it('repeats a write that nobody answered under the same key, and tells it as one call', async () => {
    const { api, calls, keys, wish } = aClient(0, 503, 201);
    await api.write(wish);
    expect(new Set(keys).size).toBe(1);
    expect(calls).toMatchObject([{ outcome: 'acknowledged', status: 201, invokedAt: 1 }]);
  });

  it('takes a refusal for one only if no try before it may still take effect', async () => {
    const refused = aClient(busy);
    expect(await refused.api.write(refused.wish)).toMatchObject({ outcome: 'refused' });
    const open = aClient(0, busy);
    await open.api.write(open.wish);
    expect(open.calls).toMatchObject([{ outcome: 'unknown', status: 409 }]);
  });

  it.each([
    500,
    502,
    503,
    404,
    { status: 429, code: 'rate-limited' },
    { status: 409, code: 'idempotency-in-flight' },
    0,
  ])('does not know what became of a request that is answered %j', async (answer) => {
    const { api, wish } = aClient(answer);
    expect(await api.read(wish)).toMatchObject({ outcome: 'unknown' });
  });
});
