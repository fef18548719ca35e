import { containersAndHosts } from './containers-and-hosts.ts';
import { databaseAndCache } from './database-and-cache.ts';
import { externalServices } from './external-services.ts';
import { gatesAndDeployments } from './gates-and-deployments.ts';
import { logs } from './logs.ts';
import { serviceOverview } from './service-overview.ts';

/** Every dashboard by the name of its file. */
export const dashboards = {
  'service-overview': serviceOverview,
  'database-and-cache': databaseAndCache,
  'external-services': externalServices,
  'gates-and-deployments': gatesAndDeployments,
  'containers-and-hosts': containersAndHosts,
  logs,
} as const;
