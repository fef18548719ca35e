import { Worker } from 'node:worker_threads';
import { type FromListener, type ListenerData, sharedSlots, type ToListener } from './listener-messages.js';
import { toWire } from './ops-answers.js';
import type { OpsResponder, WireRequest } from './ops-responder.js';

const BEAT_EVERY_MS = 500;
/** Less is a long garbage collection or a busy machine. */
const STALL_WORTH_TELLING_MS = 2000;
const CLOSE_WITHIN_MS = 500;

/** The operations listener as the main thread sees it: its requests come from, and its answers go to, another thread. */
export class OpsListener {
  readonly #slots = new Int32Array(new SharedArrayBuffer(3 * Int32Array.BYTES_PER_ELEMENT));
  #worker: Worker | undefined;
  #beat: NodeJS.Timeout | undefined;
  #lastBeatAt = 0;

  constructor(
    private readonly responder: OpsResponder,
    private readonly observer: {
      /** The listener's thread has died: nobody answers probes any more. */
      onBroken: (error: Error) => void;
      /** The event loop turns again after it had hung for so long. */
      onStallOver: (stalledMs: number) => void;
    },
  ) {}

  /** Resolves with the port once it listens. Rejects with a message for people if it cannot. */
  async start(host: string, port: number): Promise<number> {
    const workerData: ListenerData = { host, port, shared: this.#slots.buffer as SharedArrayBuffer };
    const worker = new Worker(new URL('ops-listener-worker.js', import.meta.url), { workerData });
    this.#worker = worker;
    this.#lastBeatAt = performance.now();
    this.#beat = setInterval(() => this.#tellAlive(), BEAT_EVERY_MS).unref();
    const listening = Promise.withResolvers<number>();
    worker.on('message', (message: FromListener) => {
      if (message.type === 'request') void this.#answer(message.id, message.request);
      else if (message.type === 'listening') listening.resolve(message.port);
      // Under `node --watch`, Node's loader tells through here as well which modules the thread has loaded.
      else if (message.type === 'failed')
        listening.reject(new Error(`the operations listener cannot listen on ${host}:${port}: ${message.code}`));
    });
    worker.on('error', this.observer.onBroken);
    return listening.promise;
  }

  /** How often `/livez` was answered; the listener's thread does that by itself. */
  livezAnswers(): { ok: number; broken: number } {
    return {
      ok: Atomics.load(this.#slots, sharedSlots.livezOk),
      broken: Atomics.load(this.#slots, sharedSlots.livezBroken),
    };
  }

  /** Lets the answers under way go out, for half a second at most. */
  async close(): Promise<void> {
    const worker = this.#worker;
    if (!worker) return;
    clearInterval(this.#beat);
    const exited = new Promise((resolve) => worker.once('exit', resolve));
    const timer = setTimeout(() => void worker.terminate(), CLOSE_WITHIN_MS);
    this.#send({ type: 'close' });
    await exited;
    clearTimeout(timer);
  }

  #tellAlive(): void {
    Atomics.add(this.#slots, sharedSlots.beats, 1);
    const stalledMs = Math.round(performance.now() - this.#lastBeatAt) - BEAT_EVERY_MS;
    this.#lastBeatAt = performance.now();
    if (stalledMs > STALL_WORTH_TELLING_MS) this.observer.onStallOver(stalledMs);
  }

  async #answer(id: number, request: WireRequest): Promise<void> {
    const answer = toWire(await this.responder.respond(request));
    this.#send({ type: 'answer', id, answer });
  }

  #send(message: ToListener): void {
    this.#worker?.postMessage(message);
  }
}
