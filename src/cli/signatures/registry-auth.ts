import { readFile } from 'node:fs/promises';
import { homedir } from 'node:os';
import { join } from 'node:path';

/** Where Podman, Buildah and Docker keep the credentials that `login` was given, the first that there is counts. */
function authFiles(env: NodeJS.ProcessEnv): string[] {
  const runtime = env['XDG_RUNTIME_DIR'];
  const config = env['XDG_CONFIG_HOME'] ?? join(homedir(), '.config');
  return [
    ...(env['REGISTRY_AUTH_FILE'] ? [env['REGISTRY_AUTH_FILE']] : []),
    ...(runtime ? [join(runtime, 'containers/auth.json')] : []),
    join(config, 'containers/auth.json'),
    join(env['DOCKER_CONFIG'] ?? join(homedir(), '.docker'), 'config.json'),
  ];
}

interface AuthFile {
  readonly auths?: Readonly<Record<string, { readonly auth?: string }>>;
}

/** What follows `Basic ` for an image: of the longest name that it begins with. Null where nobody has logged in. */
export async function credentialsFor(name: string, env: NodeJS.ProcessEnv = process.env): Promise<string | null> {
  for (const path of authFiles(env)) {
    const text = await readFile(path, 'utf8').catch(() => null);
    if (text === null) continue;
    const { auths = {} } = JSON.parse(text) as AuthFile;
    const known = Object.keys(auths).filter((key) => name === key || name.startsWith(`${key}/`));
    const [longest] = known.toSorted((one, other) => other.length - one.length);
    const auth = longest === undefined ? undefined : auths[longest]?.auth;
    if (auth) return auth;
  }
  return null;
}
