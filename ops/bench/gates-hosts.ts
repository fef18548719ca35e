/** The hosts of the gates bench: one small server on many loopback addresses, so that no pair of them runs out of ports. */
import { createServer } from 'node:http';

const BODY = JSON.stringify({ status: 'UP' });

const server = createServer((_request, response) => {
  response.writeHead(200, { 'content-type': 'application/json', 'content-length': BODY.length });
  response.end(BODY);
});
server.listen(Number(process.env['PORT']), '0.0.0.0', 4096);
