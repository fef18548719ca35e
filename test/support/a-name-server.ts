import { createSocket, type RemoteInfo } from 'node:dgram';
import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { isIP } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** The addresses of a name with their TTL in seconds; or a code of DNS, 2 being SERVFAIL; or no answer at all. */
export type NameAnswer =
  | { readonly addresses: readonly string[]; readonly ttl?: number }
  | { readonly code: number }
  | 'silence';

/** A real name server on loopback that counts. Names that it was told nothing of do not exist. */
export interface FakeNameServer extends AsyncDisposable {
  /** As a line of `resolv.conf` has it. */
  readonly address: string;
  answer(name: string, answer: NameAnswer): void;
  /** How often IPv4 addresses of the name were asked for. */
  queries(name: string): number;
}

const TYPES = { 4: 1, 6: 28 } as const;
const NAME_ERROR = 3;

export async function aNameServer(answers: Record<string, NameAnswer> = {}): Promise<FakeNameServer> {
  const known = new Map(Object.entries(answers));
  const counts = new Map<string, number>();
  const socket = createSocket('udp4');
  socket.on('message', (query: Buffer, from: RemoteInfo) => {
    const { name, type, end } = questionOf(query);
    if (type === TYPES[4]) counts.set(name, (counts.get(name) ?? 0) + 1);
    const answer = known.get(name) ?? { code: NAME_ERROR };
    if (answer !== 'silence') socket.send(replyTo(query.subarray(0, end), type, answer), from.port, from.address);
  });
  await once(socket.bind(0, '127.0.0.1'), 'listening');
  return {
    address: `127.0.0.1:${socket.address().port}`,
    answer: (name, answer) => known.set(name, answer),
    queries: (name) => counts.get(name) ?? 0,
    [Symbol.asyncDispose]: async () => {
      await once(socket.close(), 'close');
    },
  };
}

/** A folder like `/etc` with these files in it. */
export async function aFolderOfNames(
  files: Record<string, string>,
): Promise<AsyncDisposable & { readonly path: string }> {
  const path = await mkdtemp(join(tmpdir(), 'plimsoll-names-'));
  await Promise.all(Object.entries(files).map(([name, text]) => writeFile(join(path, name), text)));
  return { path, [Symbol.asyncDispose]: () => rm(path, { recursive: true }) };
}

function questionOf(query: Buffer): { name: string; type: number; end: number } {
  const labels: string[] = [];
  let at = 12;
  for (let length = query.readUInt8(at); length > 0; length = query.readUInt8(at)) {
    labels.push(query.toString('latin1', at + 1, at + 1 + length));
    at += 1 + length;
  }
  return { name: labels.join('.').toLowerCase(), type: query.readUInt16BE(at + 1), end: at + 5 };
}

function replyTo(question: Buffer, type: number, answer: Exclude<NameAnswer, 'silence'>): Buffer {
  const ttl = 'addresses' in answer ? (answer.ttl ?? 60) : 0;
  const addresses = 'addresses' in answer ? answer.addresses : [];
  const records = addresses
    .filter((address) => TYPES[isIP(address) as 4 | 6] === type)
    .map((address) => {
      const data = bytesOf(address);
      const record = Buffer.from([0xc0, 12, 0, type, 0, 1, 0, 0, 0, 0, 0, data.length, ...data]);
      record.writeUInt32BE(ttl, 6);
      return record;
    });
  const reply = Buffer.concat([question, ...records]);
  reply.writeUInt16BE(0x8180 + ('code' in answer ? answer.code : 0), 2);
  reply.writeUInt16BE(records.length, 6);
  reply.fill(0, 8, 12);
  return reply;
}

function bytesOf(address: string): number[] {
  if (isIP(address) === 4) return address.split('.').map(Number);
  const [head = [], tail = []] = address.split('::').map((part) => part.split(':').filter((group) => group !== ''));
  const groups = [...head, ...Array.from({ length: 8 - head.length - tail.length }, () => '0'), ...tail];
  return groups.map((group) => Number.parseInt(group, 16)).flatMap((group) => [group >> 8, group & 0xff]);
}
