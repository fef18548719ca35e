import { once } from 'node:events';
import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { GrafanaPage } from '../../ops/grafana/look/grafana-page.js';

/** Parts of a page of Grafana, by the names that its own tests find them by. */
const panel = (title: string, more = '') =>
  `<section data-testid="data-testid Panel header ${title}">${more}</section>`;
const failed = '<button data-testid="data-testid Panel status error">!</button>';

describe('the look at dashboards in a browser', () => {
  let grafana: Server;
  let page: GrafanaPage;
  let pictures: string;
  let shown: string;
  beforeAll(async () => {
    grafana = createServer((request, response) => {
      response.setHeader('content-type', 'text/html');
      response.end(request.url?.startsWith('/d/') ? shown : '{}');
    }).listen(0, '127.0.0.1');
    await once(grafana, 'listening');
    pictures = await mkdtemp(join(tmpdir(), 'plimsoll-pictures-'));
    const url = `http://127.0.0.1:${(grafana.address() as AddressInfo).port}`;
    page = await GrafanaPage.open({ url, password: 'of-a-test', pictures });
  });
  afterAll(async () => {
    await page.close();
    grafana.close();
    await rm(pictures, { recursive: true });
  });

  const looked = () =>
    page.faultsOf({ uid: 'two-panels', panels: [{ type: 'stat' }, { type: 'stat' }] } as Parameters<
      typeof page.faultsOf
    >[0]);

  it('names the panel that reports an error, and keeps a picture', async () => {
    shown = panel('Requests') + panel('Errors', failed);
    expect(await looked()).toEqual(['Panel header Errors reports an error']);
    expect(await readdir(pictures)).toEqual(['two-panels.png']);
  });

  it('finds nothing where every panel is well', async () => {
    shown = panel('Requests') + panel('Errors');
    expect(await looked()).toEqual([]);
  });
});
