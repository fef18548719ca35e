/**
 * Makes the flags of config/flags.bootstrap.json in Unleash that are not there yet, in the environments of
 * `UNLEASH_ENVIRONMENTS`. It changes none that is there: by then it belongs to whoever uses the UI. Unleash's own
 * import would set them all back at every start.
 */
import { readFile } from 'node:fs/promises';

const { UNLEASH_URL = '', UNLEASH_ADMIN_TOKEN = '', UNLEASH_ENVIRONMENTS = 'development' } = process.env;
const file = process.argv[2] ?? 'config/flags.bootstrap.json';

/**
 * @param {string} method
 * @param {string} path
 * @param {unknown} [body]
 */
async function ask(method, path, body) {
  const answer = await fetch(`${UNLEASH_URL}/admin/projects/default/${path}`, {
    method,
    headers: { authorization: UNLEASH_ADMIN_TOKEN, 'content-type': 'application/json' },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  if (answer.ok || answer.status === 404) return answer.status;
  throw new Error(`${method} ${path} answers ${answer.status}: ${await answer.text()}`);
}

/** @type {{ features: { name: string, type?: string, description?: string, enabled: boolean }[] }} */
const { features } = JSON.parse(await readFile(file, 'utf8'));
for (const { name, type = 'release', description = '', enabled } of features) {
  if ((await ask('GET', `features/${name}`)) !== 404) {
    console.log(`${name} is there, and stays as it is`);
    continue;
  }
  await ask('POST', 'features', { name, type, description });
  for (const environment of UNLEASH_ENVIRONMENTS.split(',')) {
    await ask('POST', `features/${name}/environments/${environment}/${enabled ? 'on' : 'off'}`);
  }
  console.log(`${name} was made, ${enabled ? 'on' : 'off'}`);
}
