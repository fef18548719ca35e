import { type Context, type ContextManager, ROOT_CONTEXT } from '@opentelemetry/api';
import { requestContext } from '../logging/request-context.js';

/**
 * Keeps OpenTelemetry's context in the AsyncLocalStorage that every request already has. OpenTelemetry's own manager
 * adds a second one, and runs the rest of each request in a separate frame.
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

  /** Binds functions. Listeners of an event emitter must be bound by the caller. */
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
