/**
 * The hosts of the gates bench: one small server on many loopback addresses, so that no pair of them runs out of ports. It
 * answers queries as Prometheus does, each after `QUERY_MS`.
 */
import { createServer } from 'node:http';

const BODY = JSON.stringify({ status: 'UP' });
const ANSWER = JSON.stringify({
  status: 'success',
  data: { resultType: 'vector', result: [{ metric: {}, value: [1, '0.001'] }] },
});
const queryMs = Number(process.env['QUERY_MS'] ?? 0);

const server = createServer((request, response) => {
  const isQuery = request.url?.startsWith('/api/v1/query') ?? false;
  const body = isQuery ? ANSWER : BODY;
  const answer = () =>
    response.writeHead(200, { 'content-type': 'application/json', 'content-length': body.length }).end(body);
  if (isQuery) setTimeout(answer, queryMs);
  else answer();
});
server.listen(Number(process.env['PORT']), '0.0.0.0', 4096);
