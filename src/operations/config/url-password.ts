/** The password that a URL holds, before its host or, as PostgreSQL knows it, as a parameter, of which the last counts. */
export function passwordOf(url: string): string | undefined {
  const { password = '', searchParams } = URL.parse(url) ?? {};
  return searchParams?.getAll('password').at(-1) || decodeURIComponent(password) || undefined;
}
