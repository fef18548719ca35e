import { createServer } from 'node:http';
import { text } from 'node:stream/consumers';

/**
 * The host of every slot of chaos: what a gate asks it, and what it answered. It runs in a container of its own.
 *   PUT /hosts/SLOT {"attempt", "fence", "digest", "isGood"}   from now on the host runs this, unless it ran something newer
 *   GET /hosts/SLOT/info, /hosts/SLOT/ready                    what a gate probes
 *   GET /evidence                                              by attempt, what was answered while it ran
 * @typedef {{ attempt: string, fence: number, digest: string, isGood: boolean }} Running
 */
const most = 20_000;
/** @type {Map<string, Running>} */
const hosts = new Map();
/** @type {Map<string, { isGood: boolean, good: number, bad: number }>} */
const evidence = new Map();

/** @param {import('node:http').IncomingMessage} request @returns {Promise<[number, unknown]>} */
async function answer(request) {
  const [, first, slot = '', what] = (request.url ?? '').split('/');
  if (first === 'evidence') return [200, Object.fromEntries(evidence)];
  if (request.method === 'PUT') {
    if (evidence.size >= most) return [507, { detail: 'there is no room for more' }];
    const running = /** @type {Running} */ (JSON.parse(await text(request)));
    if (running.fence < (hosts.get(slot)?.fence ?? 0)) return [409, { detail: 'something newer runs here' }];
    hosts.set(slot, running);
    evidence.set(running.attempt, { isGood: running.isGood, good: 0, bad: 0 });
    return [200, running];
  }
  const running = hosts.get(slot);
  if (running === undefined) return [404, { detail: 'nothing runs here' }];
  if (what === 'info') return [200, { digest: running.digest }];
  const counts = evidence.get(running.attempt);
  if (counts) counts[running.isGood ? 'good' : 'bad'] += 1;
  return [running.isGood ? 200 : 500, { isGood: running.isGood }];
}

createServer((request, response) => {
  answer(request).then(
    ([status, body]) => response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body)),
    () => response.writeHead(400).end(),
  );
}).listen(Number(process.env.PORT ?? 8080));
