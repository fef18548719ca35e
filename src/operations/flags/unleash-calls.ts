import { statusClassOf } from '../outbound/call-durations.js';
import { watchRequests } from '../outbound/client-requests.js';
import type { OutboundCalls } from '../outbound/outbound-calls.js';
import { REQUEST_TIMEOUT_MS } from './unleash-clients.js';
import type { UnleashConnection } from './unleash-connection.js';

/**
 * Measures what the clients of Unleash send by themselves. They poll in the background and hold nobody up, so there is
 * nothing to break: the circuit is called open while two refreshes running went without an answer, and polling goes on.
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
