import { randomUUID } from 'node:crypto';
import { Proxy } from './proxy.ts';

/**
 * Traffic for a drill, until it is told to stop, and never more than `most` requests at once. What comes of them is the
 * alert's business. `{n}` in the path counts from 0, and begins anew at AGAIN_AFTER. Strangers have a new token each time,
 * which nobody knows.
 *   node ops/drills/load.ts METHOD PATH PER_SECOND AGAIN_AFTER [strangers]
 */
const [method = 'GET', path = '/v1/services', perSecond = '20', againAfter = '50', who] = process.argv.slice(2);
const most = 100;
const proxy = new Proxy();
let sent = 0;
let underWay = 0;

const stranger = () => ({ authorization: `Bearer ${randomUUID()}` });

setInterval(
  () => {
    if (underWay >= most) return;
    underWay += 1;
    const numbered = path.replace('{n}', String(sent % Number(againAfter)));
    sent += 1;
    proxy
      .send(method, numbered, method === 'GET' ? undefined : {}, who === 'strangers' ? stranger() : {})
      .catch(() => undefined)
      .finally(() => (underWay -= 1));
  },
  1000 / Number(perSecond),
);
