import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parsePlimsollFile } from '../../src/cli/plimsoll-file/read-plimsoll-file.js';
import { Terminal } from '../deploy/a-terminal.js';
import { Command, program } from '../deploy/command.js';
import { eventually } from '../support/eventually.js';

let folder: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'plimsoll-init-'));
});
afterEach(() => rm(folder, { recursive: true }));

const onTerminal = (): Terminal =>
  new Terminal(`'${process.execPath}' '${program}' init`, folder, { ...process.env, NO_COLOR: '1' });

async function answer(terminal: Terminal, question: string, answered: string): Promise<void> {
  await eventually(() => expect(terminal.text).toContain(question));
  terminal.type(answered);
}

describe('plimsoll init', () => {
  it('asks, and writes a file that is right', async () => {
    const terminal = onTerminal();
    await answer(terminal, 'Service, as the ledger calls it', 'checkout\r');
    await answer(terminal, 'Image, without tag', '\r');
    await answer(terminal, 'First environment', 'staging\r');
    await answer(terminal, 'Port of the container', '8080\r');
    await answer(terminal, 'Path that answers 2xx', '\r');
    await answer(terminal, 'Address that the proxy serves it at', '\r');
    await answer(terminal, 'Where is Podman?', '\r');
    await answer(terminal, 'Where the gate probes it', '\r');
    expect(await terminal.ended).toBe(0);
    expect(terminal.text).toContain('plimsoll.yml is written. Next: plimsoll doctor');
    const written = await readFile(join(folder, 'plimsoll.yml'), 'utf8');
    expect(parsePlimsollFile(written).slot('staging')).toMatchObject({
      service: 'checkout',
      image: 'registry.example.com/checkout',
      port: 8080,
      health: { path: '/readyz' },
      hosts: [{ name: 'localhost', url: 'https://checkout.example.com' }],
    });
  });

  it('writes nothing once it is interrupted, and ends with 130', async () => {
    const terminal = onTerminal();
    await answer(terminal, 'Service, as the ledger calls it', '\u0003');
    expect(await terminal.ended).toBe(130);
    expect(await readdir(folder)).toEqual([]);
  });

  it('keeps a file that is there', async () => {
    await writeFile(join(folder, 'plimsoll.yml'), 'mine');
    const terminal = onTerminal();
    expect(await terminal.ended).toBe(2);
    expect(terminal.text).toContain('plimsoll.yml is there already.');
    expect(await readFile(join(folder, 'plimsoll.yml'), 'utf8')).toBe('mine');
  });

  it('says what to do where there is no terminal, and ends with 2', async () => {
    const { code, errors } = await Command.start(['init'], {}, folder).ended;
    expect({ code, errors }).toEqual({ code: 2, errors: expect.stringContaining('there is no terminal') as unknown });
  });
});
