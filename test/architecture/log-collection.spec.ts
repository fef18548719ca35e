import { globSync } from 'node:fs';
import { readFile } from 'node:fs/promises';

const read = (path: string) => readFile(path, 'utf8');
const allOf = (text: string, pattern: RegExp) => [...text.matchAll(pattern)].map(([, found = '']) => found);

interface Query {
  expr: string;
  source: string;
}

/** Every query of a dashboard, however deep its panel lies, with its own source or its panel's. */
function queriesIn(part: unknown, around = ''): Query[] {
  if (typeof part !== 'object' || part === null) return [];
  const { datasource, expr } = part as { datasource?: { uid?: string }; expr?: string };
  const source = datasource?.uid ?? around;
  const own = expr === undefined ? [] : [{ expr, source }];
  return [...own, ...Object.values(part).flatMap((inner) => queriesIn(inner, source))];
}

const dashboards = globSync('ops/grafana/dashboards/*.json');
const queriesOf = async (path: string) => queriesIn(JSON.parse(await read(path)));

describe('collected logs', () => {
  it('are asked for only by the labels and ids that Alloy gives them', async () => {
    const alloy = await read('ops/alloy/config.alloy');
    const labels = allOf(alloy, /target_label\s*=\s*"(\w+)"/g);
    const lists = allOf(alloy, /stage\.(?:labels|structured_metadata) \{\s*values = \{(.*)\}/g);
    const given = [...labels, ...lists.flatMap((list) => allOf(list, /(\w+) = "/g))];
    expect(new Set(given)).toEqual(new Set(['service', 'instance', 'level', 'request_id', 'deployment_id']));

    const queries = (await Promise.all(dashboards.map(queriesOf))).flat();
    const ofLoki = queries.filter(({ source }) => source === 'loki');
    const asked = ofLoki.flatMap(({ expr }) => allOf(expr, /(\w+)\s*(?:=~|!~|!=|=)\s*"/g));
    expect(asked.length).toBeGreaterThan(0);
    expect(given).toEqual(expect.arrayContaining(asked));
  });

  it('are labelled by nothing that grows with requests', async () => {
    const alloy = await read('ops/alloy/config.alloy');
    expect(allOf(alloy, /stage\.labels \{\s*values = \{(.*)\}/g)).toEqual([' level = "" ']);
  });
});

describe('Grafana', () => {
  it.each(dashboards)('finds the sources of %s', async (path) => {
    const known = allOf(await read('ops/grafana/provisioning/datasources/datasources.yml'), /uid: (\w+)/g);
    const wanted = (await queriesOf(path)).map(({ source }) => source);
    expect(known).toEqual(expect.arrayContaining(wanted));
  });

  it('asks services that the stack has', async () => {
    const hosts = allOf(await read('ops/grafana/provisioning/datasources/datasources.yml'), /http:\/\/([\w-]+):/g);
    const services = allOf(await read('podman-compose.yml'), /^ {2}([\w-]+):/gm);
    expect(hosts).toHaveLength(2);
    expect(services).toEqual(expect.arrayContaining(hosts));
  });
});

describe('images', () => {
  it.each(['podman-compose.yml', ...globSync('ops/quadlet/**/*.{container,conf}')])(
    'of %s are pinned',
    async (path) => {
      const images = allOf(await read(path), /^\s*(?:image: |Image=)(\S+)$/gm);
      const loose = images.filter((image) => !/(?::v?\d+[\w.-]*|@sha256:[0-9a-f]{64})\}?$/.test(image));
      expect(loose).toEqual([]);
    },
  );
});
