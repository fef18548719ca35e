import { appendFileSync } from 'node:fs';
import { Proxy } from './proxy.ts';

/**
 * Writes and reads, 20 a second each, until it is told to stop, and keeps a journal of what was answered: lines of `write`, the
 * service, when it was sent and when it was acknowledged, and of `read`, when and in how many ms. Times are of this clock.
 *   node ops/drills/restore-load.ts JOURNAL
 */
const [journal = 'journal'] = process.argv.slice(2);
const most = 40;
const everyMs = 50;
const proxy = new Proxy();
const begun = Date.now().toString(36);
let sent = 0;
let underWay = 0;

async function once(): Promise<void> {
  const slug = `drill-${begun}-${sent++}`;
  const sentAt = Date.now();
  const write = await proxy.send('PUT', `/v1/services/${slug}`, {});
  if (write.status === 201) appendFileSync(journal, `write ${slug} ${sentAt} ${Date.now()}\n`);
  const askedAt = Date.now();
  const read = await proxy.send('GET', `/v1/services/${slug}`);
  if (read.status === 200) appendFileSync(journal, `read ${askedAt} ${Date.now() - askedAt}\n`);
}

setInterval(() => {
  if (underWay >= most) return;
  underWay += 1;
  once()
    .catch(() => undefined)
    .finally(() => (underWay -= 1));
}, everyMs);
