import type { Answer } from '../drills/proxy.ts';
import type { Send } from './api.ts';

const everyNth = 20;
const isSlot = (method: string, path: string) =>
  method === 'GET' && /^\/v1\/services\/[^/]+\/environments\/[^/]+$/.test(path);

/** A proxy that lies: every so often it answers what it was answered some time before. */
export function staleReads(send: Send): Send {
  const kept = new Map<string, Answer>();
  let count = 0;
  return async (method, path, body, added) => {
    if (!isSlot(method, path)) return send(method, path, body, added);
    const old = kept.get(path);
    count += 1;
    if (old !== undefined && count % everyNth === 0) return old;
    const answer = await send(method, path, body, added);
    if (answer.status === 200 && count % everyNth === 1) kept.set(path, answer);
    return answer;
  };
}
