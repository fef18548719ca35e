import { Counter, Gauge, Histogram, Registry } from 'prom-client';
import { inOpenMetrics, wantsOpenMetrics } from './open-metrics.js';
import { RequestDurations } from './request-durations.js';

function aRegistry(): Registry {
  const registers = [new Registry()] as const;
  new Counter({ name: 'things_total', help: 'Things.', labelNames: ['kind'], registers: [...registers] }).inc({
    kind: 'a',
  });
  new Gauge({ name: 'level', help: 'A level.', registers: [...registers] }).set(2);
  new Histogram({ name: 'waits_seconds', help: 'Waits.', buckets: [1], registers: [...registers] }).observe(0.5);
  return registers[0];
}

describe('metrics in OpenMetrics', () => {
  test('are the same series, ended as the format wants it', async () => {
    expect((await inOpenMetrics(aRegistry()).metrics()).split('\n')).toEqual([
      '# HELP things Things.',
      '# TYPE things counter',
      'things_total{kind="a"} 1',
      '# HELP level A level.',
      '# TYPE level gauge',
      'level 2',
      '# HELP waits_seconds Waits.',
      '# TYPE waits_seconds histogram',
      'waits_seconds_bucket{le="1"} 1',
      'waits_seconds_bucket{le="+Inf"} 1',
      'waits_seconds_sum 0.5',
      'waits_seconds_count 1',
      '# EOF',
      '',
    ]);
  });

  test('change nothing of the other format', async () => {
    const registry = aRegistry();
    const before = await registry.metrics();
    await inOpenMetrics(registry).metrics();

    expect(await registry.metrics()).toBe(before);
  });

  test('have the newest exemplar of each bucket, and none where no request was recorded', async () => {
    const registry = new Registry();
    const durations = new RequestDurations([registry]);
    durations.count('GET', '/a', 200, 0.001, { trace_id: 'old', span_id: '1' });
    durations.count('GET', '/a', 200, 0.002, { trace_id: 'new', span_id: '2' });
    durations.count('GET', '/a', 200, 0.003);
    durations.count('GET', '/a', 200, 60, { trace_id: 'slow', span_id: '3' });
    const lines = (await inOpenMetrics(registry).metrics()).split('\n').filter((line) => line.includes(' # {'));

    expect(lines).toEqual([
      expect.stringMatching(/^\S+_bucket{le="0.005",.*} 3 # {trace_id="new",span_id="2"} 0.002 \d+\.?\d*$/),
      expect.stringMatching(/^\S+_bucket{le="\+Inf",.*} 4 # {trace_id="slow",span_id="3"} 60 \d+\.?\d*$/),
    ]);
    expect(await registry.metrics()).not.toContain('trace_id');
  });

  test.each([
    ['application/openmetrics-text;version=1.0.0;q=0.5,text/plain;q=0.3', true],
    ['text/plain', false],
    ['*/*', false],
    [undefined, false],
  ])('are given to who accepts %j: %j', (accept, isWanted) => {
    expect(wantsOpenMetrics({ accept })).toBe(isWanted);
  });
});
