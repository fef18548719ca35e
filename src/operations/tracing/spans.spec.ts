import { context, trace } from '@opentelemetry/api';
import {
  AlwaysOffSampler,
  AlwaysOnSampler,
  InMemorySpanExporter,
  type Sampler,
  SimpleSpanProcessor,
  TracerProvider,
} from '@opentelemetry/sdk-trace';
import { RequestContextManager } from './request-context-manager.js';
import { Spans } from './spans.js';

describe('the spans of what is under way', () => {
  const exporter = new InMemorySpanExporter();
  beforeAll(() => context.setGlobalContextManager(new RequestContextManager()));
  beforeEach(() => exporter.reset());
  afterAll(() => {
    context.disable();
    trace.disable();
  });

  function spansBy(sampler: Sampler): Spans {
    const provider = new TracerProvider({ sampler, spanProcessors: [new SimpleSpanProcessor({ exporter })] });
    return new Spans(provider.getTracer('test'), (text) => text);
  }

  test('lie below it, and end with what they cover', async () => {
    const spans = spansBy(new AlwaysOnSampler());
    const refused = Promise.reject(Object.assign(new Error('canary'), { code: 'ETIMEDOUT' }));
    await spans.root('job a', {}, async () => {
      spans.command('MGET', Promise.resolve());
      spans.command('SET', refused);
      await refused.catch(() => undefined);
    });
    const [get, set, job] = exporter.getFinishedSpans();

    expect([get?.name, set?.name, job?.name]).toEqual(['MGET', 'SET', 'job a']);
    for (const span of [get, set]) expect(span?.parentSpanContext).toEqual(job?.spanContext());
    expect(get?.attributes).toEqual({ 'db.system.name': 'redis', 'db.operation.name': 'MGET' });
    expect(set?.attributes['error.type']).toBe('ETIMEDOUT');
  });

  test('are none where nothing is under way, nor of what is not recorded', async () => {
    const [on, off] = [spansBy(new AlwaysOnSampler()), spansBy(new AlwaysOffSampler())];
    on.command('MGET', Promise.resolve());
    await off.root('job a', {}, async () => on.command('MGET', Promise.resolve()));

    expect(exporter.getFinishedSpans()).toEqual([]);
  });

  test('begin a trace of their own where nobody asked for the work, whatever is under way', async () => {
    const spans = spansBy(new AlwaysOnSampler());
    await spans.root('job a', {}, () => spans.root('gate measurement', {}, async () => undefined));
    const [measurement, job] = exporter.getFinishedSpans();

    expect(measurement?.parentSpanContext).toBeUndefined();
    expect(measurement?.spanContext().traceId).not.toBe(job?.spanContext().traceId);
  });

  test.each([
    ['its code', Object.assign(new Error('canary'), { code: 'ETIMEDOUT' }), 'ETIMEDOUT'],
    ['its name', new TypeError('canary'), 'TypeError'],
    ['nothing that may be a text', Object.assign(new TypeError(), { code: 'a canary', name: 'a canary' }), '_OTHER'],
  ])('fail with what fails, and tell of it %s', async (_what, failure, type) => {
    const run = spansBy(new AlwaysOnSampler()).root('job a', {}, () => Promise.reject(failure));

    await expect(run).rejects.toBe(failure);
    expect(exporter.getFinishedSpans()).toMatchObject([{ name: 'job a', attributes: { 'error.type': type } }]);
  });
});
