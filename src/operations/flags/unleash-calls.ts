import { statusClassOf } from '../outbound/call-durations.js';
import { watchRequests } from '../outbound/client-requests.js';
import type { OutboundCalls } from '../outbound/outbound-calls.js';
import { REQUEST_TIMEOUT_MS } from './unleash-clients.js';
import type { UnleashConnection } from './unleash-connection.js';

/**
 * Measures the requests that the clients of Unleash send. They poll in the background and delay nobody, so no circuit
 * has to stop them. The circuit is shown as open after two refreshes in a row without an answer, and polling continues.
 */
export function measureUnleash(outbound: OutboundCalls, connection: UnleashConnection): () => void {
  outbound.watch('unleash', () => (connection.isLost ? 'open' : 'closed'));
  return watchRequests(
    'unleash',
    (request) => request.hasHeader('unleash-appname'),
    (status, seconds) => {
      const unanswered = seconds * 1000 >= REQUEST_TIMEOUT_MS ? 'timeout' : 'error';
      outbound.observe('unleash', status === null ? unanswered : statusClassOf(status), seconds);
    },
  );
}
