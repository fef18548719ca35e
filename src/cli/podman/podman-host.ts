import { PodmanClient, type PodmanCall } from './podman-client.js';
import { PodmanError } from './podman-error.js';
import { textOfFrames } from './frames.js';
import { fileOfTar } from './tar.js';

export interface ListedContainer {
  readonly Names: readonly string[];
  readonly Labels: Readonly<Record<string, string>> | null;
  readonly State: string;
  readonly ExitCode: number;
  readonly Restarts?: number;
}

/** What a container runs with. */
export interface ContainerSettings {
  readonly environment: readonly string[];
  readonly imageEnvironment: readonly string[];
  readonly workingDirectory: string;
}

interface Configured {
  readonly Config: { readonly Env?: readonly string[] | null; readonly WorkingDir?: string };
}

export interface ListedVolume {
  readonly Name: string;
  readonly Labels: Readonly<Record<string, string>> | null;
}

export interface ExecOutcome {
  readonly exitCode: number;
  readonly output: string;
}

/** More than any image takes on a slow line, between two lines of Podman's report. */
const PULL_TIMEOUT_MS = 300_000;

/** One Podman, by what a deployment asks of it. Everything here may be called again after it was cut off. */
export class PodmanHost {
  constructor(readonly client: PodmanClient) {}

  containers(labels: Readonly<Record<string, string>>): Promise<ListedContainer[]> {
    const filters = { label: Object.entries(labels).map(([name, value]) => `${name}=${value}`) };
    return this.client.get('/containers/json', { query: { all: 'true', filters: JSON.stringify(filters) } });
  }

  async isRunning(name: string): Promise<boolean> {
    const found = await this.client.find<{ State: { Running: boolean } }>(`/containers/${name}/json`);
    return found?.State.Running ?? false;
  }

  async settingsOf(name: string): Promise<ContainerSettings> {
    const { Config, Image } = await this.client.get<Configured & { Image: string }>(`/containers/${name}/json`);
    const image = await this.client.get<Configured>(`/images/${Image}/json`);
    const imageEnvironment = image.Config.Env ?? [];
    return { environment: Config.Env ?? [], imageEnvironment, workingDirectory: Config.WorkingDir || '/' };
  }

  /** The text of a file in a container; null where there is none. */
  async fileIn(name: string, path: string): Promise<string | null> {
    const archive = await this.client
      .bytes('GET', `/containers/${name}/archive`, { query: { path } })
      .catch(nullIfGone);
    return archive && fileOfTar(archive);
  }

  /** False where a container of that name was there already. */
  async create(spec: { readonly name: string }): Promise<boolean> {
    return unlessItIsThere(this.client.post('/containers/create', { body: spec }));
  }

  async start(name: string): Promise<void> {
    await this.client.post(`/containers/${name}/start`);
  }

  /** SIGTERM, and SIGKILL when the time is up. */
  async stop(name: string, withinSeconds: number): Promise<void> {
    const call: PodmanCall = { query: { timeout: String(withinSeconds) }, timeoutMs: (withinSeconds + 30) * 1000 };
    await this.client.post(`/containers/${name}/stop`, call);
  }

  async remove(name: string): Promise<void> {
    await unlessItIsGone(
      this.client.delete(`/containers/${name}`, { query: { force: 'true', timeout: '0', v: 'true' } }),
    );
  }

  /** The exit code. */
  async waitForExit(name: string, withinMs: number): Promise<number> {
    const query = { condition: 'exited' };
    return await this.client.post<number>(`/containers/${name}/wait`, { query, timeoutMs: withinMs });
  }

  async lastLines(name: string, lines: number): Promise<string> {
    const query = { stdout: 'true', stderr: 'true', tail: String(lines) };
    return textOfFrames(await this.client.bytes('GET', `/containers/${name}/logs`, { query }));
  }

  /** As it was written, and as it is written if it is followed: until the container or the signal ends it. */
  log(
    name: string,
    { lines, follow, signal }: { lines: number; follow: boolean; signal: AbortSignal },
  ): Promise<AsyncIterable<Buffer>> {
    const query = { stdout: 'true', stderr: 'true', tail: String(lines), follow: String(follow) };
    // Nothing may be written for long.
    return this.client.stream(`/containers/${name}/logs`, { query, signal, ...(follow && { timeoutMs: 0 }) });
  }

  /** Runs a program in a running container, to its end. */
  async exec(name: string, command: readonly string[], timeoutMs: number): Promise<ExecOutcome> {
    const body = { AttachStdout: true, AttachStderr: true, Cmd: command };
    const { Id } = await this.client.post<{ Id: string }>(`/containers/${name}/exec`, { body });
    const frames = await this.client.bytes('POST', `/exec/${Id}/start`, { body: { Detach: false }, timeoutMs });
    const { ExitCode } = await this.client.get<{ ExitCode: number }>(`/exec/${Id}/json`);
    return { exitCode: ExitCode, output: textOfFrames(frames) };
  }

  async hasImage(reference: string): Promise<boolean> {
    return (await this.client.find(`/images/${encodeURIComponent(reference)}/json`)) !== null;
  }

  /** The digests under which images of this repository are here. */
  async digestsOf(repository: string): Promise<string[]> {
    const images = await this.client.get<{ readonly RepoDigests: readonly string[] | null }[]>('/images/json');
    const names = images.flatMap(({ RepoDigests }) => RepoDigests ?? []);
    return names.filter((name) => name.startsWith(`${repository}@`)).map((name) => name.slice(repository.length + 1));
  }

  async removeImage(reference: string): Promise<void> {
    await unlessItIsGone(this.client.delete(`/images/${encodeURIComponent(reference)}`));
  }

  /** By digest: what comes is what was asked for, or nothing. Podman reports its failure in an answer of 200. */
  async pull(reference: string): Promise<void> {
    const query = { reference, policy: 'missing', quiet: 'true' };
    const report = await this.client.bytes('POST', '/images/pull', { query, timeoutMs: PULL_TIMEOUT_MS });
    for (const line of report
      .toString()
      .split('\n')
      .filter((one) => one.trim() !== '')) {
      const { error } = JSON.parse(line) as { error?: string };
      if (error !== undefined) throw new PodmanError(`Podman could not pull ${reference}: ${error}`, 200);
    }
  }

  async makeNetwork(name: string): Promise<void> {
    if ((await this.client.find(`/networks/${name}/json`)) !== null) return;
    await unlessItIsThere(
      this.client.post('/networks/create', { body: { name, driver: 'bridge', dns_enabled: true } }),
    );
  }

  /** False where a volume of that name was there already: of several who make it at once, one is told true. */
  async makeVolume(name: string, labels: Readonly<Record<string, string>>): Promise<boolean> {
    return unlessItIsThere(this.client.post('/volumes/create', { body: { Name: name, Labels: labels } }));
  }

  async volumes(labels: Readonly<Record<string, string>>): Promise<ListedVolume[]> {
    const filters = { label: Object.entries(labels).map(([name, value]) => `${name}=${value}`) };
    return (
      (await this.client.get<ListedVolume[] | null>('/volumes/json', {
        query: { filters: JSON.stringify(filters) },
      })) ?? []
    );
  }

  async removeVolume(name: string): Promise<void> {
    await unlessItIsGone(this.client.delete(`/volumes/${name}`));
  }
}

/** Podman says 409 of a network, and 500 of a container and of a volume. */
async function unlessItIsThere(made: Promise<unknown>): Promise<boolean> {
  try {
    await made;
    return true;
  } catch (error) {
    const isThere =
      error instanceof PodmanError && (error.status === 409 || /already (exists|in use)/.test(error.message));
    if (isThere) return false;
    throw error;
  }
}

function nullIfGone(error: unknown): null {
  if (error instanceof PodmanError && error.status === 404) return null;
  throw error;
}

async function unlessItIsGone(removed: Promise<void>): Promise<void> {
  await removed.catch((error: unknown) => {
    if (!(error instanceof PodmanError) || error.status !== 404) throw error;
  });
}
