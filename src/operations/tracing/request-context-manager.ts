import { type Context, type ContextManager, ROOT_CONTEXT } from '@opentelemetry/api';
import { requestContext } from '../logging/request-context.js';

/**
 * OpenTelemetry's context, in the AsyncLocalStorage that every request has already: the manager of its own brings a
 * second one, and runs the rest of each request in a frame of its own.
 */
export class RequestContextManager implements ContextManager {
  active(): Context {
    return requestContext.getStore()?.trace ?? ROOT_CONTEXT;
  }

  with<A extends unknown[], F extends (...args: A) => ReturnType<F>>(
    trace: Context,
    work: F,
    thisArg?: ThisParameterType<F>,
    ...args: A
  ): ReturnType<F> {
    return requestContext.run({ ...requestContext.getStore(), trace }, () => work.apply(thisArg, args));
  }

  /** Of functions; whoever has an event emitter binds its listeners. */
  bind<Target>(trace: Context, target: Target): Target {
    if (typeof target !== 'function') return target;
    const work = target as unknown as (...args: unknown[]) => unknown;
    return ((...args: unknown[]) => this.with(trace, work, undefined, ...args)) as Target;
  }

  enable(): this {
    return this;
  }

  disable(): this {
    return this;
  }
}
