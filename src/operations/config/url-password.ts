/** The password in a URL: before the host, or in PostgreSQL's parameter, of which the last counts. */
export function passwordOf(url: string): string | undefined {
  const { password = '', searchParams } = URL.parse(url) ?? {};
  return searchParams?.getAll('password').at(-1) || decodeURIComponent(password) || undefined;
}
