import { queryFaults } from '../grafana/check/query-faults.ts';
import { schemaFaults } from '../grafana/check/schema-faults.ts';
import { committedDashboards, staleDashboards } from '../grafana/source/dashboard-files.ts';
import { assertNone } from './fault.ts';

/** The files that Grafana is given are those of the code, and such as Grafana and Loki understand. */
export async function dashboardsAreSound(): Promise<void> {
  assertNone('Stale; npm run dashboards writes them', await staleDashboards());
  const dashboards = await committedDashboards();
  assertNone('Dashboards', [...schemaFaults(dashboards), ...queryFaults(dashboards)]);
}
