import { chmod, mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Environment, Shell } from '../drills/shell.ts';
import { clone } from '../scripts/clone.mjs';

/** Of the image, as docs/how-to/use-the-command-line.md has it. */
const plimsoll = `#!/usr/bin/env bash
exec podman run --rm --network host -e PLIMSOLL_URL -e PLIMSOLL_TOKEN -e NODE_EXTRA_CA_CERTS=/authority.crt \\
  -v "$CURL_CA_BUNDLE:/authority.crt:ro,z" \\
  "$(podman inspect --format '{{.ImageName}}' "\${COMPOSE_PROJECT_NAME}_app-1_1")" dist/cli/main.js "$@"
`;

/** What docs/playbooks/README.md has its reader set, for this stack. */
export async function clientEnvironment(shell: Shell): Promise<Environment> {
  const folder = join(clone, '.plimsoll', 'playbooks');
  await mkdir(folder, { recursive: true });
  await writeFile(join(folder, 'plimsoll'), plimsoll);
  await chmod(join(folder, 'plimsoll'), 0o755);
  const authority = join(folder, 'authority.crt');
  await writeFile(
    authority,
    await shell.run('ops/scripts/inside proxy cat /data/caddy/pki/authorities/local/root.crt'),
  );
  await chmod(authority, 0o644);
  const token = await shell.run(
    'podman secret inspect --showsecret --format "{{.SecretData}}" "$COMPOSE_PROJECT_NAME-bootstrap-admin-token"',
  );
  const api = await shell.run('printf %s "https://localhost:$PROXY_PORT"');
  return {
    FOLDER: folder,
    PATH: `${folder}:${process.env['PATH'] ?? ''}`,
    CURL_CA_BUNDLE: authority,
    PLIMSOLL_URL: api,
    PLIMSOLL_TOKEN: token,
    API: api,
    TOKEN: token,
    SERVICE: 'checkout',
    ENVIRONMENT: 'production',
  };
}
