import { EventEmitter } from 'node:events';
import type { Server } from 'node:http';
import type { Socket } from 'node:net';
import { jest } from '@jest/globals';
import { ConnectionLimit, type ConnectionState } from './connection-limit.js';

/** A connection that is in this state, or was closed. */
class Connection extends EventEmitter {
  constructor(public state: ConnectionState | 'closed') {
    super();
  }

  destroy(): void {
    this.state = 'closed';
    this.emit('close');
  }
}

const stateOf = (socket: Socket) => (socket as unknown as Connection).state as ConnectionState;

function aServer(...states: ConnectionState[]) {
  const server = new EventEmitter();
  const refused: unknown[] = [];
  let now = 0;
  const refuse = (socket: Socket) => refused.push(socket);
  const limit = new ConnectionLimit(states.length, stateOf, refuse, () => now);
  limit.attach(server as Server);
  const connections = states.map((state) => new Connection(state));
  for (const connection of connections) server.emit('connection', connection);
  now = 1000;
  const connect = (): Connection => {
    const connection = new Connection('fresh');
    server.emit('connection', connection);
    return connection;
  };
  const pass = (ms: number) => (now += ms);
  return { limit, connections, connect, pass, refused, states: () => connections.map(({ state }) => state) };
}

describe('a connection beyond those that there may be', () => {
  test.each<[ConnectionState[], ConnectionState[]]>([
    [
      ['idle', 'fresh', 'fresh'],
      ['idle', 'closed' as ConnectionState, 'fresh'],
    ],
    [
      ['answering', 'receiving', 'idle', 'idle'],
      ['answering', 'receiving', 'closed' as ConnectionState, 'idle'],
    ],
    [
      ['answering', 'receiving', 'receiving'],
      ['answering', 'closed' as ConnectionState, 'receiving'],
    ],
  ])('takes the place of the one that is missed least: of %j', (before, after) => {
    const { connect, states, limit, refused } = aServer(...before);
    expect(connect().state).toBe('fresh');
    expect(states()).toEqual(after);
    expect([limit.count, limit.closed, refused]).toEqual([before.length, 1, []]);
  });

  test('leaves another the time to have its request read, however many come in a burst', () => {
    const { connect, pass, limit, states } = aServer('fresh', 'idle', 'idle');
    const probe = connect();
    const burst = Array.from({ length: 3 }, connect);
    expect([probe.state, states(), limit.count]).toEqual(['fresh', ['closed', 'idle', 'idle'], 6]);
    pass(200);
    connect();
    expect([probe.state, burst.map(({ state }) => state)]).toEqual(['closed', ['fresh', 'fresh', 'fresh']]);
  });

  test('stands beyond them in no more than as many again', () => {
    const { connect, limit, refused } = aServer('answering', 'answering', 'idle');
    const burst = Array.from({ length: 20 }, connect);
    expect(limit.count).toBe(6);
    expect(burst.filter(({ state }) => state === 'fresh')).toEqual(burst.slice(-4));
    expect(refused).toEqual([]);
  });

  test('stands beyond them no longer than its time, also where nobody comes after the burst', () => {
    jest.useFakeTimers({ now: 0 });
    const { connect, pass, limit } = aServer('fresh', 'idle', 'answering');
    Array.from({ length: 4 }, connect);
    expect(limit.count).toBe(6);
    pass(200);
    jest.advanceTimersByTime(200);
    expect(limit.count).toBe(3);
    jest.useRealTimers();
  });

  test('is refused where all are being answered', () => {
    const { connect, states, limit, refused } = aServer('answering', 'answering');
    const beyond = connect();
    expect([refused, limit.count, states()]).toEqual([[beyond], 2, ['answering', 'answering']]);
    beyond.destroy();
  });

  test('finds room once another has closed by itself', () => {
    const { connections, connect, limit } = aServer('answering', 'answering');
    connections[0]?.destroy();
    expect([connect().state, limit.count, limit.closed]).toEqual(['fresh', 2, 0]);
  });

  test('is closed without a word in a flood', () => {
    const { connect, refused } = aServer('answering');
    const flood = Array.from({ length: 100 }, connect);
    expect(refused).toHaveLength(64);
    expect(flood.filter(({ state }) => state === 'closed')).toHaveLength(36);
    for (const connection of flood) connection.destroy();
  });
});
