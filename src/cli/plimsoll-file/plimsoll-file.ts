import { z } from 'zod';
import { gate } from './gate.js';

/** One schema: what validates the file, its type, the schema for editors, and the reference page. */

const slug = z
  .string()
  .regex(
    /^[a-z][a-z0-9-]{0,62}$/,
    'must begin with a lower-case letter and have at most 63 lower-case letters, digits and hyphens',
  );
const word = z.string().min(1, 'must not be empty').max(500, 'must have at most 500 characters');
const port = z.int().min(1, 'must be a port, 1 to 65535').max(65_535, 'must be a port, 1 to 65535');
const seconds = (least: number, most: number) =>
  z.number().min(least, `must be ${least} to ${most} seconds`).max(most, `must be ${least} to ${most} seconds`);
const containerPath = z.string().regex(/^\/[^\0]{0,4095}$/, 'must be an absolute path in the container');
const podmanName = z
  .string()
  .regex(
    /^[a-zA-Z0-9][a-zA-Z0-9_.-]{0,252}$/,
    'must be a name as Podman takes it: letters, digits, "_", "." and "-", first a letter or a digit',
  );
const bytes = z.string().regex(/^[1-9]\d{0,11}[bkmg]$/, 'must be a number of bytes with its unit, such as 512m or 2g');

const variableName = z.string().regex(/^[A-Za-z_][A-Za-z0-9_]{0,254}$/, 'must be the name of a variable');
const scalar = z.union([z.string(), z.number(), z.boolean()], 'must be a text, a number, true or false');
const variables = z
  .record(variableName, scalar.transform(String))
  .describe('Variables of the container. Nothing secret: that belongs into `secrets`.');

const secret = z
  .strictObject({
    name: podmanName.describe('The name of the secret in Podman, on every host.'),
    target: containerPath.optional().describe('The file in the container; `/run/secrets/NAME` unless given.'),
    variable: variableName.optional().describe('The variable that holds it, in place of a file.'),
    uid: z.int().min(0).optional().describe('Who owns the file; 0 unless given.'),
    mode: z
      .string()
      .regex(/^0[0-7]{3}$/, 'must be an octal mode in quotes, such as "0400"')
      .optional()
      .describe('The mode of the file; `"0444"` unless given.'),
  })
  .refine(({ target, variable }) => target === undefined || variable === undefined, {
    message: 'must have "target" or "variable", not both',
    path: ['variable'],
  });

function named(name: string): z.output<typeof secret> {
  return { name };
}

const volume = z.strictObject({
  name: podmanName.describe('The name of the volume in Podman. It is made where it is missing.'),
  target: containerPath.describe('Where it lies in the container.'),
  readOnly: z.boolean().default(false),
});

const health = z.strictObject({
  path: z
    .string()
    .regex(/^\/[^\s?#]{0,499}$/, 'must be a path that begins with "/"')
    .default('/readyz')
    .describe('Answers 2xx once the container may get traffic.'),
  port: port.optional().describe('Where it is asked for; the port of the traffic unless given.'),
  intervalSeconds: seconds(0.1, 60).default(1).describe('Between two questions.'),
  timeoutSeconds: seconds(0.1, 60).default(2).describe('For one answer.'),
  withinSeconds: seconds(1, 3600).default(60).describe('A container that is not ready by then has failed.'),
});

const proxyKeys = {
  site: z
    .string()
    .regex(
      /^[a-zA-Z0-9*:/][a-zA-Z0-9.*:/[\]-]{0,252}(, [a-zA-Z0-9*:/][a-zA-Z0-9.*:/[\]-]{0,252}){0,19}$/,
      'must be a site as Caddy has it: checkout.example.com, or http://:8080, or several with ", " between them',
    )
    .describe(
      'The addresses that Caddy serves the service at: `checkout.example.com`, or `checkout.example.com, http://:8080` so that a gate may ask the host by its own address.',
    ),
  image: word.describe('The image of the proxy.'),
  container: podmanName.describe('The name of its container; one serves all services.'),
  network: podmanName.describe('The network on which it reaches the containers.'),
  ports: z
    .array(z.strictObject({ host: port, container: port }))
    .max(20)
    .describe('What the proxy publishes on the host. Containers of the service publish nothing.'),
};

const proxy = z
  .strictObject({
    ...proxyKeys,
    image: proxyKeys.image.default('docker.io/library/caddy:2.11.4'),
    container: proxyKeys.container.default('plimsoll-proxy'),
    network: proxyKeys.network.default('plimsoll'),
    ports: proxyKeys.ports.default([
      { host: 80, container: 80 },
      { host: 443, container: 443 },
    ]),
  })
  .describe('The Caddy that sends traffic to the containers. Each host has one, made where it is missing.');

const podmanSocket = z
  .string()
  .regex(
    /^(unix:\/\/\/\S+|ssh:\/\/([^@\s/:]+@)?[^@\s/-][^@\s/]*(\/\S+)?)$/,
    'must be unix:///run/podman/podman.sock, or ssh://[USER@]HOST[:PORT][/path/of/podman.sock]',
  );

const host = z.strictObject({
  name: z.string().min(1).max(63).describe('As the ledger and the gate call it.'),
  url: z
    .string()
    .regex(/^https?:\/\/[^\s?#@]+$/, 'must be an http or https URL without user, password, query and fragment')
    .describe('Where the gate probes it.'),
  podman: podmanSocket
    .default('unix:///run/podman/podman.sock')
    .describe(
      "Podman's API: a socket here, or one that is reached through SSH, with the keys and the known hosts of OpenSSH. Its path there is `/run/podman/podman.sock` unless given.",
    ),
  proxy: z.strictObject(proxyKeys).partial().optional().describe('What is different about the proxy of this host.'),
});

const batches = z
  .union([
    z.int().min(1),
    z
      .string()
      .regex(/^([1-9]|[1-9]\d|100)%$/, 'must be a number of hosts, such as 1, or a share of them, such as "25%"'),
  ])
  .describe('How many hosts are changed at once. The first bad batch is the last one.');

const migrate = z
  .strictObject({
    command: z.array(word).min(1, 'must name a program').max(100).describe("Arguments of the image's entry point."),
    timeoutSeconds: seconds(1, 86_400).default(600),
  })
  .describe('Runs once, in a container of the new image, before any host is changed.');

const verify = z
  .strictObject({
    key: word.optional().describe('A file with the public key of cosign, beside plimsoll.yml.'),
    identity: z
      .strictObject({
        subject: z
          .string()
          .regex(/^[^*]{1,499}\*?$/, 'must be a text that has no "*", or one at its end')
          .describe(
            'Who signed, to the letter: say the workflow of the release, with its ref. A `*` at the end stands for any end: `…/release.yml@refs/tags/v*`.',
          ),
        issuer: z
          .string()
          .regex(/^https:\/\/\S+$/, 'must be an https URL')
          .describe('Who vouches for it: `https://token.actions.githubusercontent.com`.'),
      })
      .optional()
      .describe('Who must have signed, where signatures are keyless.'),
    trustedRoot: word
      .optional()
      .describe("A file with the authorities of a Sigstore of one's own; those of the public one unless given."),
    provenance: z.boolean().default(false).describe('Asks for a SLSA provenance of the same signer as well.'),
  })
  .refine(({ key, identity }) => (key === undefined) !== (identity === undefined), {
    message: 'must have "key" or "identity", and not both',
  })
  .refine(({ key, trustedRoot }) => key === undefined || trustedRoot === undefined, {
    message: 'is of "identity": a key is trusted by itself',
    path: ['trustedRoot'],
  })
  .describe('Whose signature the image must have. Nothing is asked for without it.');

/** What may stand at the top for all environments, and again in one of them, where it then counts. */
const settings = {
  environment: variables.default({}),
  secrets: z
    .array(z.union([podmanName.transform(named), secret], 'must be the name of a secret, or a mapping with "name"'))
    .max(100)
    .default([])
    .describe('Secrets of Podman by their names: a name alone, or where it goes.'),
  networks: z.array(podmanName).max(20).default([]).describe('Networks of Podman that the container joins.'),
  volumes: z.array(volume).max(50).default([]).describe('Volumes of Podman, which outlive containers.'),
  port: port.default(3000).describe('What the container listens on for traffic.'),
  health: health.prefault({}).describe('How a new container shows that it may get traffic.'),
  replicas: z.int().min(1).max(20).default(1).describe('Containers on each host.'),
  drainSeconds: seconds(0, 3600).default(5).describe('From the end of new traffic to SIGTERM.'),
  stopSeconds: seconds(1, 3600).default(30).describe('From SIGTERM to SIGKILL.'),
  batches: batches.default(1),
  migrate: migrate.optional(),
  proxy,
  verify: verify.optional(),
  command: z.array(word).max(100).optional().describe("Arguments of the image's entry point, in place of its own."),
  user: word.optional().describe("Who the container runs as, `UID:GID`; the image's own unless given."),
  tmpfs: z
    .array(containerPath)
    .max(20)
    .default([])
    .describe('Folders that may be written, in memory. All else is read-only.'),
  memory: bytes.default('512m').describe('The most memory that a container may have.'),
  cpus: z.number().positive().max(1024).optional().describe('The most processors that a container may have.'),
  pids: z.int().min(1).max(1_000_000).default(256).describe('The most processes and threads of a container.'),
  gate: gate.optional(),
};

const hosts = z
  .array(host)
  .max(100, 'must have at most 100 hosts')
  .superRefine((all, { addIssue }) => {
    const names = all.map(({ name }) => name);
    const again = names.findIndex((name, i) => names.indexOf(name) < i);
    if (again >= 0) addIssue({ code: 'custom', path: [again, 'name'], message: 'must be the name of one host only' });
  })
  .default([])
  .describe('Where the service runs in this environment.');

const environment = z.strictObject({ hosts, ...z.strictObject(settings).partial().shape });

const image = z
  .string()
  .regex(
    /^[a-z0-9][a-z0-9.-]*(:\d+)?(\/[a-z0-9]+([._-]+[a-z0-9]+)*)+$/,
    'must be registry/name without a tag or a digest: the release says which',
  );

const head = {
  service: slug.describe('The service in the ledger.'),
  image: image.describe(
    'Where the image is pulled from, without tag and digest: `registry.example.com/acme/checkout`.',
  ),
};

export const plimsollFile = z
  .strictObject({
    ...head,
    ...z.strictObject(settings).partial().shape,
    environments: z
      .record(slug, environment)
      .refine((environments) => Object.keys(environments).length > 0, 'must have an environment')
      .describe('Each environment by its slug, with its hosts and what differs from the above.'),
  })
  .meta({ title: 'plimsoll.yml', description: 'How a service is deployed by the plimsoll command.' });

/** What holds in one environment: what is at the top, what the environment says instead, and the defaults. */
export const slotSettings = z.strictObject({ ...head, slug, hosts, ...settings });

export type PlimsollFile = z.input<typeof plimsollFile>;
export type SlotSettings = z.output<typeof slotSettings>;
export type Secret = z.output<typeof secret>;
export type Host = z.output<typeof host>;
export type Health = z.output<typeof health>;
export type Proxy = z.output<typeof proxy>;
export type Verify = z.output<typeof verify>;
