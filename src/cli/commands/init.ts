import { access, writeFile } from 'node:fs/promises';
import { basename } from 'node:path';
import { cancel, intro, isCancel, outro, select, text } from '@clack/prompts';
import { stringify } from 'yaml';
import { CommandFailure } from '../command-failure.js';
import type { Context } from '../context.js';
import type { Ending } from '../exit-codes.js';
import { parsePlimsollFile } from '../plimsoll-file/read-plimsoll-file.js';

export interface Answers {
  readonly service: string;
  readonly image: string;
  readonly environment: string;
  readonly port: string;
  readonly healthPath: string;
  readonly site: string;
  readonly host: string;
  readonly hostUrl: string;
  readonly podman: string;
}

/** `plimsoll init`: questions on a terminal, and a plimsoll.yml that is right. */
export async function init(context: Context): Promise<Ending> {
  const path = context.options.file ?? 'plimsoll.yml';
  if (!process.stdin.isTTY || !process.stdout.isTTY) {
    const mend = 'Run it on a terminal, or write the file: docs/reference/plimsoll-yml.md';
    throw new CommandFailure('usage', 'plimsoll init asks questions, and there is no terminal.', { mend });
  }
  const isThere = await access(path).then(
    () => true,
    () => false,
  );
  if (isThere) throw new CommandFailure('usage', `${path} is there already.`, { mend: 'Name another one with --file' });
  intro('A plimsoll.yml for this service');
  const written = fileOf(await ask());
  // Nothing wrong is left behind: what would be told at the next command is told now.
  parsePlimsollFile(written, path);
  await writeFile(path, written, { flag: 'wx' });
  outro(`${path} is written. Next: plimsoll doctor`);
  return 'promoted';
}

async function ask(): Promise<Answers> {
  const service = await answer('Service, as the ledger calls it', basename(process.cwd()).toLowerCase());
  const image = await answer('Image, without tag', `registry.example.com/${service}`);
  const environment = await answer('First environment', 'production');
  const port = await answer('Port of the container', '3000');
  const healthPath = await answer('Path that answers 2xx when it is ready', '/readyz');
  const site = await answer('Address that the proxy serves it at', `${service}.example.com`);
  const way = await select({
    message: 'Where is Podman?',
    options: [
      { value: 'here' as const, label: 'on this machine' },
      { value: 'ssh' as const, label: 'on another one, through SSH' },
    ],
  });
  if (isCancel(way)) throw abandoned();
  const host = way === 'here' ? 'localhost' : await answer('Host', 'app-1.example.com');
  const user = way === 'here' ? '' : await answer('User on it', 'deploy');
  const podman = way === 'here' ? 'unix:///run/podman/podman.sock' : `ssh://${user}@${host}`;
  const hostUrl = await answer('Where the gate probes it', `https://${site}`);
  return { service, image, environment, port, healthPath, site, host, hostUrl, podman };
}

async function answer(message: string, byDefault: string): Promise<string> {
  const given = await text({ message, placeholder: byDefault, defaultValue: byDefault });
  if (isCancel(given)) throw abandoned();
  return given;
}

function abandoned(): CommandFailure {
  cancel('Nothing was written.');
  return new CommandFailure('interrupted', 'Interrupted.');
}

/** The file that these answers make. */
export function fileOf({
  service,
  image,
  environment,
  port,
  healthPath,
  site,
  host,
  hostUrl,
  podman,
}: Answers): string {
  const body = {
    service,
    image,
    port: Number(port),
    health: { path: healthPath },
    proxy: { site },
    environments: {
      [environment]: {
        hosts: [{ name: host, url: hostUrl, podman }],
        gate: {
          checks: [
            {
              name: 'ready',
              type: 'http',
              url: `{host.url}${healthPath}`,
              expect: [{ field: 'status', op: 'eq', value: 200 }],
            },
          ],
        },
      },
    },
  };
  return stringify(body);
}
