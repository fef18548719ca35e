import { appendFileSync } from 'node:fs';
import { Proxy } from '../drills/proxy.ts';

/**
 * Clients of the stack, while a playbook is executed: ten writes and ten reads a second, until they are told to stop. Their
 * journal has a line for each answer: `ok` or the fault, when it came, and what was written, if it was.
 *   node ops/playbooks/load.ts JOURNAL
 */
const [journal = 'journal'] = process.argv.slice(2);
const everyMs = 100;
const most = 100;
const admin = new Proxy();
// With a token of their own: the bootstrap token may be what is replaced.
const made = await admin.send('POST', '/v1/tokens', { name: 'playbook-load', role: 'admin' });
const { token } = JSON.parse(made.body) as { token: string };
const begun = Date.now().toString(36);
let sent = 0;
let underWay = 0;

async function once(method: string, path: string, wanted: number): Promise<boolean> {
  const body = method === 'PUT' ? {} : undefined;
  const answer = await admin
    .send(method, path, body, { authorization: `Bearer ${token}` })
    .catch((error: Error) => ({ status: error.message, body: '' }));
  const isWell = answer.status === wanted;
  const slug = path.slice('/v1/services/'.length);
  const what = isWell ? `ok ${Date.now()}` : `${String(answer.status).replaceAll(' ', '-')} ${Date.now()}`;
  appendFileSync(journal, `${what} ${isWell && method === 'PUT' ? slug : '-'}\n`);
  return isWell;
}

async function writeAndRead(): Promise<void> {
  const path = `/v1/services/played-${begun}-${sent++}`;
  if (await once('PUT', path, 201)) await once('GET', path, 200);
}

setInterval(() => {
  if (underWay >= most) return;
  underWay += 1;
  writeAndRead().finally(() => (underWay -= 1));
}, everyMs);
