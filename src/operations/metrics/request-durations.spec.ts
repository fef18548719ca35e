import { Registry } from 'prom-client';
import { RequestDurations } from './request-durations.js';

describe('durations of requests', () => {
  test('are a histogram like any other', async () => {
    const registry = new Registry();
    const durations = new RequestDurations([registry]);
    for (const seconds of [0.004, 0.005, 0.3, 60]) durations.count('GET', '/v1/services', 200, seconds);
    const text = await registry.metrics();

    const labels = 'method="GET",route="/v1/services",status_code="200"';
    expect(text).toContain('# TYPE http_server_request_duration_seconds histogram');
    expect(text).toContain(`http_server_request_duration_seconds_bucket{le="0.005",${labels}} 2\n`);
    expect(text).toContain(`http_server_request_duration_seconds_bucket{le="0.25",${labels}} 2\n`);
    expect(text).toContain(`http_server_request_duration_seconds_bucket{le="0.5",${labels}} 3\n`);
    expect(text).toContain(`http_server_request_duration_seconds_bucket{le="10",${labels}} 3\n`);
    expect(text).toContain(`http_server_request_duration_seconds_bucket{le="+Inf",${labels}} 4\n`);
    expect(text).toContain(`http_server_request_duration_seconds_count{${labels}} 4\n`);
    expect(text).toContain(`http_server_request_duration_seconds_sum{${labels}} 60.309\n`);
  });

  test('know a few methods, and call the others _OTHER', async () => {
    const registry = new Registry();
    const durations = new RequestDurations([registry]);
    for (const method of ['PROPFIND', 'REPORT', 'MKCOL']) durations.count(method, 'unmatched', 404, 0.01);
    const text = await registry.metrics();

    expect(text).toContain('_count{method="_OTHER",route="unmatched",status_code="404"} 3');
    expect(text).not.toContain('PROPFIND');
  });
});
