import { eventually } from '../support/eventually.js';
import { Plimsoll } from './a-plimsoll.js';
import { Terminal } from './a-terminal.js';
import { Lab } from './lab.js';
import { aGate, Project } from './project.js';
import { record, type Recorded } from './session.js';

const WITHIN_MS = 120_000;

let lab: Lab;
let plimsoll: Plimsoll;
let project: Project;
const sessions: Recorded[] = [];

beforeAll(async () => {
  [lab, plimsoll] = await Promise.all([Lab.open(['a', 'b']), Plimsoll.start()]);
  project = await Project.begin(lab, plimsoll);
  await project.promote('1.4.1');
  await project.write({}, aGate(8));
  await project.apply();
});

afterAll(async () => {
  await record(sessions);
  await plimsoll.remove();
  await lab.close();
});

function onTerminal(...args: string[]): Terminal {
  const { command, settings } = project.commandLine(...args);
  return new Terminal(command, project.folder, { ...process.env, ...settings, NO_COLOR: '1' });
}

describe('on a terminal', () => {
  it('the plan is shown and confirmed, and what goes on is drawn in place', async () => {
    await project.put('1.4.2');
    const terminal = onTerminal('deploy', 'production', '--release', '1.4.2');
    await eventually(() => expect(terminal.screen).toContain('Deploy 1.4.2 to production? [y/N]'), WITHIN_MS);
    terminal.type('y\r');
    expect(await terminal.ended).toBe(0);
    sessions.push({ command: 'plimsoll deploy production --release 1.4.2', screens: terminal.screens });
    expect(terminal.screens).toContainEqual(expect.stringMatching(/demo in production → 1\.4\.2 +changes hosts/));
    expect(terminal.screens).toContainEqual(expect.stringMatching(/█+░* \d+ of \d+ measurements/));
    expect(terminal.screen).toMatch(
      /promoted, deployment \S+\n {2}host a: serves \w{12}\n {2}host b: serves \w{12}\n$/,
    );
  });

  it('nothing is changed unless somebody says yes', async () => {
    const terminal = onTerminal('deploy', 'production', '--release', '1.4.1');
    await eventually(() => expect(terminal.screen).toContain('[y/N]'), WITHIN_MS);
    terminal.type('n\r');
    expect(await terminal.ended).toBe(130);
    expect(terminal.screen).toContain('Not confirmed. Nothing was changed.');
    expect(await project.serving()).toEqual(['1.4.2', '1.4.2']);
  });

  it('the reason of a failure is shown with the last lines of the container', async () => {
    await project.write({ health: { intervalSeconds: 0.2, timeoutSeconds: 1, withinSeconds: 3 } }, aGate(8));
    await lab.release('1.4.3', { NEVER_READY: '1' });
    await project.put('1.4.3');
    const terminal = onTerminal('deploy', 'production', '--release', '1.4.3', '--yes');
    expect(await terminal.ended).toBe(3);
    sessions.push({ command: 'plimsoll deploy production --release 1.4.3 --yes', screens: terminal.screens });
    expect(terminal.screen).toContain('It failed. Each host serves the old version again, and it is well.');
    expect(terminal.screen).toContain('I am not ready');
  });
});
