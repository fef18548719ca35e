const HIDDEN = '[redacted]';

/** More than is ever shown, so that no half of a secret at the cut goes unrecognised. */
const MAX_READ = 4096;

const NAMES_A_SECRET =
  /password|passwd|passphrase|secret|token|api[_-]?key|access[_-]?key|private[_-]?key|authorization|cookie|credential/i;

/**
 * Each with what is put in its place. The order matters: a whole key block goes before the lines in it. Every one begins
 * with what is rare and has a bound on every repetition, so that no text makes the search quadratic; a name is
 * recognised by its end, from the word that gives it away.
 */
const SECRETS: readonly (readonly [RegExp, string])[] = [
  [/-----BEGIN [A-Z ]{0,40}PRIVATE KEY-----[\s\S]{0,4096}?(?:-----END [A-Z ]{0,40}PRIVATE KEY-----|$)/g, HIDDEN],
  [/\b(bearer|basic)\s{1,8}[\w.~+/=-]{1,4096}/gi, `$1 ${HIDDEN}`],
  [/\beyJ[\w.-]{8,4096}/g, HIDDEN],
  [/\b(?:plm|ghp|gho|ghs|github_pat|glpat|xox[abp]|sk|AKIA)[_-]?[A-Za-z0-9_-]{16,4096}/g, HIDDEN],
  [/:\/\/[^\s/@"']{1,1024}@/g, `://${HIDDEN}@`],
  [
    /((?:password|passwd|passphrase|secret|token|api[_-]?key|access[_-]?key|private[_-]?key|authorization|cookie|credential)[\w.-]{0,20}"\s{0,4}:\s{0,4})(?:"(?:[^"\\]|\\[\s\S]){0,4096}"?|[^\s,}\]]{1,4096})/gi,
    `$1"${HIDDEN}"`,
  ],
  [
    /((?:password|passwd|passphrase|secret|token|api[_-]?key|access[_-]?key|private[_-]?key|authorization|cookie|credential)[\w.-]{0,20}\s{0,4}[=:]\s{0,4})[^\s&,;"'}]{1,4096}/gi,
    `$1${HIDDEN}`,
  ],
];

/** The beginning of the text, without what looks like a secret in it; it may have been cut off anywhere. */
export function redacted(text: string): string {
  return SECRETS.reduce((kept, [secret, replacement]) => kept.replace(secret, replacement), text.slice(0, MAX_READ));
}

/** Whether a header or a field of this name holds a secret, whatever it looks like. */
export function namesASecret(name: string): boolean {
  return NAMES_A_SECRET.test(name);
}
