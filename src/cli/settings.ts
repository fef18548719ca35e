import { readFileSync } from 'node:fs';
import { CommandFailure } from './command-failure.js';

/** What can be set in the environment. The reference page is made from this table. */
export const settingNames = {
  PLIMSOLL_URL: 'Where Plimsoll listens, `https://plimsoll.example.com`; `--url` goes before it',
  PLIMSOLL_TOKEN: 'The token',
  PLIMSOLL_TOKEN_FILE: 'A file that holds the token, read anew for each call',
  PLIMSOLL_OIDC_AUDIENCE:
    'On GitHub Actions, in place of a token: the audience of the tokens that the job asks its issuer for',
  PLIMSOLL_RETRY_SECONDS: 'For how long a call is tried again while Plimsoll does not answer; 30 unless given',
  NO_COLOR: 'Anything: no colours',
} as const;

type Environment = Readonly<Record<string, string | undefined>>;

export function urlOf(given: string | undefined, environment: Environment): string {
  const url = given ?? environment['PLIMSOLL_URL'];
  const mend = 'Set PLIMSOLL_URL, or give --url https://plimsoll.example.com';
  if (url === undefined || url === '') throw new CommandFailure('usage', 'It is not said where Plimsoll is.', { mend });
  const { protocol } = URL.parse(url) ?? {};
  if (protocol === 'http:' || protocol === 'https:') return url;
  throw new CommandFailure('usage', `${JSON.stringify(url)} is no http or https URL.`, { mend });
}

export function retryForMs(environment: Environment): number {
  const text = environment['PLIMSOLL_RETRY_SECONDS'] ?? '30';
  if (/^\d{1,5}$/.test(text)) return Number(text) * 1000;
  throw new CommandFailure('usage', `PLIMSOLL_RETRY_SECONDS is ${JSON.stringify(text)}, not a number of seconds.`);
}

/** Answers with the token for the next call. */
export function tokenSource(environment: Environment): () => string | Promise<string> {
  const { PLIMSOLL_TOKEN: token, PLIMSOLL_TOKEN_FILE: file, PLIMSOLL_OIDC_AUDIENCE: audience } = environment;
  if (file !== undefined && file !== '') return () => tokenOf(file);
  if (token !== undefined && token !== '') return () => token;
  if (audience !== undefined && audience !== '') return () => issuedToken(audience, environment);
  throw new CommandFailure('notAllowed', 'There is no token.', {
    mend: 'Set PLIMSOLL_TOKEN_FILE, a file that holds the token, or PLIMSOLL_TOKEN.',
  });
}

function tokenOf(file: string): string {
  try {
    return readFileSync(file, 'utf8').trim();
  } catch (error) {
    const why = (error as Error).message;
    throw new CommandFailure('notAllowed', 'The file of PLIMSOLL_TOKEN_FILE cannot be read.', { why, cause: error });
  }
}

/** A job's tokens live for minutes and a gate may take longer: a new one with each call. */
async function issuedToken(audience: string, environment: Environment): Promise<string> {
  const { ACTIONS_ID_TOKEN_REQUEST_URL: url, ACTIONS_ID_TOKEN_REQUEST_TOKEN: bearer } = environment;
  if (!url || !bearer) {
    throw new CommandFailure('notAllowed', 'PLIMSOLL_OIDC_AUDIENCE is set, but nobody here issues tokens.', {
      mend: 'Give the job "permissions: { id-token: write }", or set PLIMSOLL_TOKEN.',
    });
  }
  const asked = new URL(url);
  asked.searchParams.set('audience', audience);
  const headers = { authorization: `Bearer ${bearer}` };
  const answer = await fetch(asked, { headers, signal: AbortSignal.timeout(15_000) });
  const { value } = answer.ok ? ((await answer.json()) as { value?: string }) : {};
  if (typeof value === 'string') return value;
  throw new CommandFailure('notAllowed', `The issuer of the job's tokens answers ${answer.status}.`);
}
