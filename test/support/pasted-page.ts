import { spawn } from 'node:child_process';
import { once } from 'node:events';

const BLOCK_ENDS = '\u001e';

/** What is to be pasted, and the part of the answer that the document shows below it. */
export interface Step {
  readonly commands: string;
  readonly answer: object | null;
}

/** The ```bash blocks of a document, each with the ```json block that follows it in its section. */
export function stepsOf(document: string): Step[] {
  return document.split(/^## /m).flatMap((section) => {
    const blocks = [...section.matchAll(/^```(bash|json)\n(.*?)^```$/gms)].map(([, kind, text = '']) => ({
      kind,
      text,
    }));
    return blocks.flatMap(({ kind, text }, index) => {
      const next = blocks[index + 1];
      return kind === 'bash' ? [{ commands: text, answer: next?.kind === 'json' ? JSON.parse(next.text) : null }] : [];
    });
  });
}

/** Pastes all steps into one shell that stops at the first failure; what each of them printed. */
export async function paste(steps: readonly Step[], folder: string, env: Record<string, string>): Promise<string[]> {
  const script = steps.map(({ commands }) => `${commands}printf '${BLOCK_ENDS}'\n`).join('');
  const shell = spawn('bash', ['-c', `set -eo pipefail\ntrap 'kill $(jobs -p) 2> /dev/null || true' EXIT\n${script}`], {
    cwd: folder,
    env: { ...process.env, ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let printed = '';
  let complaints = '';
  shell.stdout.on('data', (chunk) => (printed += chunk));
  shell.stderr.on('data', (chunk) => (complaints += chunk));
  const [code] = await once(shell, 'close');
  if (code !== 0) throw new Error(`A pasted command failed with exit code ${code}.\n${complaints}\n${printed}`);
  return printed.split(BLOCK_ENDS);
}
