export type Variables = Readonly<Record<string, string | undefined>>;

/** From where a container has its variables. */
export interface SettingSources {
  readonly container: Variables;
  readonly image: Variables;
  /** By plimsoll.yml: variables, and the names of those that hold a secret. */
  readonly declared: Variables;
  readonly secrets: readonly string[];
}

/** Podman and the deployment set these themselves. */
const OWN = new Set(['PATH', 'HOME', 'HOSTNAME', 'TERM', 'container', 'IMAGE_DIGEST']);

/** What a container has neither from plimsoll.yml nor from its image: somebody has set it on the host. */
export function setElsewhere({ container, image, declared, secrets }: SettingSources): string[] {
  const own = new Set([...OWN, ...secrets]);
  return namesOf(container).filter((name) => !own.has(name) && container[name] !== (declared[name] ?? image[name]));
}

/** What the image sets itself, whatever `config/` says, and plimsoll.yml does not. */
export function setByImage(config: Variables, { image, declared, secrets }: SettingSources): string[] {
  const isDeclared = (name: string) => declared[name] !== undefined || secrets.includes(name);
  return namesOf(config).filter((name) => image[name] && image[name] !== config[name] && !isDeclared(name));
}

/** In which settings two files differ. */
export function differing(one: Variables, other: Variables): string[] {
  return namesOf({ ...one, ...other }).filter((name) => one[name] !== other[name]);
}

/** Of `NAME=value`, as Podman tells them. */
export function variablesOf(lines: readonly string[]): Variables {
  return Object.fromEntries(
    lines.map((line) => {
      const [name = ''] = line.split('=', 1);
      return [name, line.slice(name.length + 1)];
    }),
  );
}

function namesOf(variables: Variables): string[] {
  return Object.keys(variables).toSorted();
}
