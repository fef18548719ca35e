/**
 * Gives Alertmanager a token with which it can tell alerts and read nothing, in the file that it reads at every request.
 * One that is there and is taken stays, unless RENEW is set.
 */
import { readFile, rename, writeFile } from 'node:fs/promises';
import { setTimeout as delay } from 'node:timers/promises';

const {
  PLIMSOLL_URL = 'http://app-1:3000',
  ADMIN_TOKEN = '',
  TOKEN_FILE = '/token/alertmanager',
  RENEW = '',
} = process.env;
const TRY_FOR_MS = 10 * 60_000;
const ANSWER_WITHIN_MS = 5000;

/** @param {string} path @param {string} token @param {unknown} body */
const post = (path, token, body) =>
  fetch(PLIMSOLL_URL + path, {
    method: 'POST',
    headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
    body: JSON.stringify(body),
    signal: AbortSignal.timeout(ANSWER_WITHIN_MS),
  });

/**
 * For what passes by itself another try is made: a token that was not judged is not made again.
 * @param {number} status
 */
function assertJudged(status) {
  if (status === 429 || status >= 500) throw new Error(`Plimsoll answers ${status}`);
}

/** @param {string} token */
async function isTaken(token) {
  const { status } = await post('/v1/webhooks/alertmanager', token, { version: '4', alerts: [] });
  assertJudged(status);
  return status === 202;
}

/** @returns {Promise<string>} */
async function obtain() {
  const kept = await readFile(TOKEN_FILE, 'utf8').catch(() => '');
  if (RENEW === '' && kept !== '' && (await isTaken(kept))) return 'The token is there, and is taken';
  const answer = await post('/v1/tokens', ADMIN_TOKEN, { name: 'alertmanager', role: 'reporter' });
  assertJudged(answer.status);
  if (answer.status !== 201) {
    return `No token was made: Plimsoll answers ${answer.status} to the bootstrap token. Put one of the role reporter into ${TOKEN_FILE}`;
  }
  const { token } = /** @type {{ token: string }} */ (await answer.json());
  // Alertmanager, which reads it, runs as another user.
  await writeFile(`${TOKEN_FILE}.new`, token, { mode: 0o444 });
  await rename(`${TOKEN_FILE}.new`, TOKEN_FILE);
  return 'A token was made';
}

const giveUpAt = Date.now() + TRY_FOR_MS;
for (;;) {
  try {
    console.log(await obtain());
    break;
  } catch (error) {
    if (Date.now() > giveUpAt) throw error;
    await delay(1000);
  }
}
