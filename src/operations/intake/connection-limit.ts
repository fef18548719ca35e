import type { Server } from 'node:http';
import type { Socket } from 'node:net';

/** The states of a connection, from the first to be closed to the one that is never closed. */
export const CONNECTION_STATES = ['fresh', 'idle', 'receiving', 'answering'] as const;

export type ConnectionState = (typeof CONNECTION_STATES)[number];

/** A burst of connections is accepted in one turn of the loop, before any of their requests can be read. */
const SPARED_FOR_MS = 200;
const MOST_REFUSED = 64;
const REFUSED_FOR_MS = 1000;

/**
 * Limits the connections of a server. At the limit a new connection replaces an old one, so that a probe gets its
 * answer in any flood. Replaced is the connection that has sent no request for the longest time, otherwise one that
 * waits for its next request, otherwise one whose request has not fully arrived. Only if all are being answered, the
 * new one is refused. A connection has 200 ms to send its request before another may replace it. Connections in that
 * time do not count towards the limit, up to the same number again.
 */
export class ConnectionLimit {
  /** By the time at which each arrived, in that order. */
  readonly #connections = new Map<Socket, number>();
  closed = 0;
  #refused = 0;
  #isTrimDue = false;

  constructor(
    private readonly most: number,
    private readonly stateOf: (socket: Socket) => ConnectionState,
    private readonly refuse: (socket: Socket) => void,
    private readonly now: () => number = () => performance.now(),
  ) {}

  get count(): number {
    return this.#connections.size;
  }

  attach(server: Server): void {
    server.on('connection', (socket: Socket) => this.#admit(socket));
  }

  #admit(socket: Socket): void {
    if (this.#connections.size >= this.most && !this.#makeRoom()) {
      this.closed += 1;
      return this.#turnAway(socket);
    }
    this.#connections.set(socket, this.now());
    socket.once('close', () => this.#connections.delete(socket));
    if (this.#connections.size > this.most) this.#trimLater();
  }

  #trimLater(): void {
    if (this.#isTrimDue) return;
    this.#isTrimDue = true;
    setTimeout(() => this.#trim(), SPARED_FOR_MS).unref();
  }

  /**
   * Closes those above the limit once their time has passed: after a burst, no new connection may come to replace them.
   */
  #trim(): void {
    this.#isTrimDue = false;
    while (this.#connections.size > this.most) {
      const other = this.#leastMissed();
      if (other === 'nobody') return;
      if (other === 'one that is spared') return this.#trimLater();
      this.#displace(other);
    }
  }

  #makeRoom(): boolean {
    const other = this.#leastMissed();
    if (other === 'nobody') return false;
    if (other === 'one that is spared') return true;
    this.#displace(other);
    return true;
  }

  #displace(socket: Socket): void {
    this.closed += 1;
    this.#connections.delete(socket);
    socket.destroy();
  }

  /** The answer may take a moment to be sent. A flood gets no answer. */
  #turnAway(socket: Socket): void {
    if (this.#refused >= MOST_REFUSED) return void socket.destroy();
    this.#refused += 1;
    socket.once('close', () => (this.#refused -= 1));
    setTimeout(() => socket.destroy(), REFUSED_FOR_MS).unref();
    this.refuse(socket);
  }

  #leastMissed(): Socket | 'one that is spared' | 'nobody' {
    const isFull = this.#connections.size >= 2 * this.most;
    const sparedSince = isFull ? Number.POSITIVE_INFINITY : this.now() - SPARED_FOR_MS;
    let found: Socket | 'nobody' = 'nobody';
    let foundState: ConnectionState = 'answering';
    for (const [socket, cameAt] of this.#connections) {
      const state = this.stateOf(socket);
      // The following ones arrived later, so their time has not passed either.
      if (state === 'fresh') return cameAt <= sparedSince ? socket : 'one that is spared';
      if (CONNECTION_STATES.indexOf(state) < CONNECTION_STATES.indexOf(foundState)) {
        found = socket;
        foundState = state;
      }
    }
    return found;
  }
}
