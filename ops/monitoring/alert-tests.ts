import type { AlertTest } from './tests/alert-test.ts';
import { deliveryTests } from './tests/delivery-tests.ts';
import { dependencyTests } from './tests/dependency-tests.ts';
import { instanceTests } from './tests/instance-tests.ts';
import { platformTests } from './tests/platform-tests.ts';
import { processTests } from './tests/process-tests.ts';
import { sloTests } from './tests/slo-tests.ts';

/** What is said of every alert. */
export const alertTests: readonly AlertTest[] = [
  ...sloTests,
  ...instanceTests,
  ...processTests,
  ...dependencyTests,
  ...deliveryTests,
  ...platformTests,
];
