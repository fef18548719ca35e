const HIDDEN = '[redacted]';

/** Bounded on both sides, so that no text makes the search quadratic. */
const SECRET_NAME = String.raw`[\w.-]{0,40}(?:password|passwd|passphrase|secret|token|api[_-]?key|access[_-]?key|private[_-]?key|authorization|cookie|credential)[\w.-]{0,40}`;

const NAMES_A_SECRET = new RegExp(`^${SECRET_NAME}$`, 'i');

/** Each with what is put in its place. The order matters: a whole key block goes before the lines in it. */
const SECRETS: readonly (readonly [RegExp, string])[] = [
  [/-----BEGIN [A-Z ]*PRIVATE KEY-----[\s\S]*?(?:-----END [A-Z ]*PRIVATE KEY-----|$)/g, HIDDEN],
  [/\b(bearer|basic)\s+[\w.~+/=-]+/gi, `$1 ${HIDDEN}`],
  [/\beyJ[\w-]+\.[\w-]+\.[\w-]*/g, HIDDEN],
  [/\b(?:plm|ghp|gho|ghs|github_pat|glpat|xox[abp]|sk|AKIA)[_-]?[A-Za-z0-9_-]{16,}/g, HIDDEN],
  [/([a-z][a-z0-9+.-]*:\/\/)[^\s/@"']+@/gi, `$1${HIDDEN}@`],
  [new RegExp(String.raw`("${SECRET_NAME}"\s*:\s*)(?:"(?:[^"\\]|\\.)*"?|[^\s,}\]]+)`, 'gi'), `$1"${HIDDEN}"`],
  [new RegExp(String.raw`\b(${SECRET_NAME}\s*[=:]\s*)[^\s&,;"'}]+`, 'gi'), `$1${HIDDEN}`],
];

/** The text without what looks like a secret in it; it may have been cut off anywhere. */
export function redacted(text: string): string {
  return SECRETS.reduce((kept, [secret, replacement]) => kept.replace(secret, replacement), text);
}

/** Whether a header or a field of this name holds a secret, whatever it looks like. */
export function namesASecret(name: string): boolean {
  return NAMES_A_SECRET.test(name);
}
