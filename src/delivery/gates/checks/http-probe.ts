import { Injectable } from '@nestjs/common';
import { statusClassOf } from '../../../operations/outbound/call-durations.js';
import { OutboundCalls } from '../../../operations/outbound/outbound-calls.js';
import { tracing } from '../../../operations/tracing/tracing.js';
import { LoopDelay } from '../../../platform/probes/loop-delay.js';
import { ProbeError } from '../../../platform/probes/probe-error.js';
import { type JudgedAddress, ProbeTargets } from '../../../platform/probes/probe-targets.js';
import { type HttpAnswer, HttpExchange } from './http-exchange.js';
import { ProbeFailure } from './probe-failures.js';

/** Sends one HTTP request to a host: no redirects, no retries, and only to checked addresses. */
@Injectable()
export class HttpProbe {
  constructor(
    private readonly targets: ProbeTargets,
    private readonly outbound: OutboundCalls,
    private readonly loop: LoopDelay,
  ) {}

  /**
   * The host has this time from the first connection to the end of the body. Looking its name up, which is not its own
   * doing, may take as much before. One that has moved since then is asked where it is now.
   * @throws ProbeFailure, which speaks against the target; ProbeError, which does not
   */
  async get(url: URL, timeoutMs: number, run: object): Promise<HttpAnswer> {
    const resolving = { withinMs: timeoutMs, run };
    const addresses = await this.targets.resolve(url, resolving);
    try {
      return await this.ask(url, addresses, timeoutMs);
    } catch (failure) {
      const moved = failure instanceof ProbeFailure ? await this.targets.moved(url, addresses, resolving) : null;
      if (!moved) throw failure;
      return this.ask(url, moved, timeoutMs);
    }
  }

  private ask(url: URL, addresses: readonly JudgedAddress[], timeoutMs: number): Promise<HttpAnswer> {
    const watch = this.loop.watch();
    const startedAt = performance.now();
    const span = tracing.spans?.call('probes', 'GET', url);
    return new Promise<HttpAnswer>((resolve, reject) => {
      const observe = (outcome: ReturnType<typeof statusClassOf>): void =>
        this.outbound.observe('probes', outcome, (performance.now() - startedAt) / 1000);
      const exchange = new HttpExchange(
        { url, addresses, timeoutMs, watch, headers: span?.isRecorded ? span.headers : {} },
        {
          answered: (answer) => {
            observe(statusClassOf(answer.status));
            span?.endWith(answer.status);
            resolve(answer);
          },
          failed: (failure, isTimeout) => {
            span?.failWith(isTimeout ? 'timeout' : failure);
            if (!(failure instanceof ProbeError)) observe(isTimeout ? 'timeout' : 'error');
            reject(failure);
          },
        },
      );
      exchange.begin();
    }).finally(() => watch.end());
  }
}
