import { readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { clone } from '../../scripts/clone.mjs';
import { dashboard } from './dashboard.ts';
import { dashboards } from './dashboards.ts';

/** All of it is given to Grafana. */
const folder = 'ops/grafana/dashboards';

const generated = new Map(
  Object.entries(dashboards).map(([name, source]) => [`${name}.json`, text(dashboard(source))]),
);

function text(what: unknown): string {
  return `${JSON.stringify(what, null, 2)}\n`;
}

/** The files that differ from the code, those included that nothing in it makes. */
export async function staleDashboards(): Promise<string[]> {
  const stale = await Promise.all(
    [...generated].map(async ([name, wanted]) => {
      const there = await readFile(join(clone, folder, name), 'utf8').catch(() => '');
      return there === wanted ? [] : [name];
    }),
  );
  return [...stale.flat(), ...(await strayFiles())].map((name) => join(folder, name));
}

/** What Grafana is given, by path. */
export async function committedDashboards(): Promise<Map<string, string>> {
  const paths = (await readdir(join(clone, folder))).map((name) => join(folder, name));
  return new Map(
    await Promise.all(paths.map(async (path) => [path, await readFile(join(clone, path), 'utf8')] as const)),
  );
}

export async function writeDashboards(): Promise<void> {
  for (const [name, wanted] of generated) await writeFile(join(clone, folder, name), wanted);
  for (const name of await strayFiles()) await rm(join(clone, folder, name));
}

const strayFiles = async () => (await readdir(join(clone, folder))).filter((name) => !generated.has(name));
