/**
 * The health check of the image, which has no curl: `node ops/containers/health-check.mjs [path]`, `/readyz` by default.
 * What it prints is shown by `podman inspect` and wait-healthy, so it says why.
 */
const [path = '/readyz'] = process.argv.slice(2);
const url = `http://127.0.0.1:${process.env.OPS_PORT || 9464}${path}`;

try {
  const answer = await fetch(url, { signal: AbortSignal.timeout(2500) });
  console.log(`${answer.status} ${await answer.text()}`);
  process.exitCode = answer.ok ? 0 : 1;
} catch (error) {
  console.log(`no answer from ${url}`, error instanceof Error ? (error.cause ?? error.name) : error);
  process.exitCode = 1;
}
