const HIDDEN = '[redacted]';

/** More than is ever shown, so that a secret at the cut is recognised as a whole. */
const MAX_READ = 4096;

const NAMES_A_SECRET =
  /password|passwd|passphrase|secret|token|api[_-]?key|access[_-]?key|private[_-]?key|authorization|cookie|credential/i;

/**
 * Patterns and their replacements. The order matters: a whole key block comes before the lines in it. Each pattern
 * begins with something rare and bounds every repetition, so that no text makes the search quadratic. A name is
 * matched only from its telling word on, for example `token`, to its end.
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

/** The beginning of the text, without anything that looks like a secret. The text may have been cut anywhere. */
export function redacted(text: string): string {
  return SECRETS.reduce((kept, [secret, replacement]) => kept.replace(secret, replacement), text.slice(0, MAX_READ));
}

/** Whether a header or field with this name is secret, whatever its value looks like. */
export function namesASecret(name: string): boolean {
  return NAMES_A_SECRET.test(name);
}
