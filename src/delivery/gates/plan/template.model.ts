/** The values of a template by placeholder: `{host.url}`, `{release.version}`. */
export const PLACEHOLDERS = [
  'host.name',
  'host.url',
  'release.digest',
  'release.gitSha',
  'release.version',
  'service',
  'environment',
] as const;

export type Placeholder = (typeof PLACEHOLDERS)[number];

export type TemplateValues = Readonly<Record<Placeholder, string>>;

/** A placeholder has only letters and dots, so the braces of a PromQL selector stay unchanged. */
export const PLACEHOLDER = /\{([A-Za-z]+(?:\.[A-Za-z]+)*)\}/g;

/** The unknown placeholders of a template. */
export function unknownPlaceholders(template: string): string[] {
  return placeholdersOf(template).filter((name) => !isPlaceholder(name));
}

/** Whether the template gives different text for every host. */
export function speaksOfHost(template: string): boolean {
  return placeholdersOf(template).some((name) => name.startsWith('host.'));
}

/** Whether a template, or any text with placeholders, contains one of the release. */
export function speaksOfRelease(text: string): boolean {
  return placeholdersOf(text).some((name) => name.startsWith('release.'));
}

export function render(template: string, values: TemplateValues): string {
  return template.replace(PLACEHOLDER, (whole, name: string) => (isPlaceholder(name) ? values[name] : whole));
}

function placeholdersOf(template: string): string[] {
  return Array.from(template.matchAll(PLACEHOLDER), ([, name]) => name ?? '');
}

export function isPlaceholder(name: string): name is Placeholder {
  return (PLACEHOLDERS as readonly string[]).includes(name);
}
