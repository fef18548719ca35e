/**
 * The health check of the image, which has no curl: `node ops/containers/health-check.mjs [path]`, `/livez` by default.
 * What it prints is shown by `podman inspect` and wait-healthy, so it says why.
 *
 * It runs within the memory limit of the process that it checks. A socket and four lines of HTTP take 9 MB of memory and
 * 45 ms of processor time of its own; `fetch` takes 17 MB and 120 ms.
 */
import { connect } from 'node:net';

const [path = '/livez'] = process.argv.slice(2);
const port = Number(process.env.OPS_PORT || 9464);
const timeoutMs = 2500;
const longestAnswer = 8192;
let answer = '';

const socket = connect(port, '127.0.0.1', () =>
  socket.write(`GET ${path} HTTP/1.1\r\nHost: 127.0.0.1:${port}\r\nConnection: close\r\n\r\n`),
);
// Not the socket's own timeout, which starts again with every byte.
setTimeout(() => socket.destroy(new Error(`no whole answer in ${timeoutMs} ms`)), timeoutMs).unref();
socket.setEncoding('utf8');
socket.on('data', (part) => (answer = (answer + part).slice(0, longestAnswer)));
socket.on('error', ({ message }) => say(`no answer from 127.0.0.1:${port}${path}: ${message}`, 1));
socket.on('end', () => {
  const [, status = '', body = ''] = /^HTTP\/1\.1 (\d{3})[^]*?\r\n\r\n([^]*)$/.exec(answer) ?? [];
  say(`${status || 'no HTTP'} ${body}`, status === '200' ? 0 : 1);
});

/** @param {string} why @param {number} exitCode */
function say(why, exitCode) {
  console.log(why);
  process.exitCode = exitCode;
}
