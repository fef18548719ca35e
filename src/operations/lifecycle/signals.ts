/** What happens on SIGTERM and SIGINT. Until there is something to drain the process ends at once. */
export const signals = { onSignal: (_signal: string): void => process.exit(0) };

// Node dies of signals that nobody owns. The listeners stay for ever: a signal that has arrived and is not delivered
// yet is lost when its listener is taken away.
for (const signal of ['SIGTERM', 'SIGINT'] as const) process.on(signal, () => signals.onSignal(signal));
process.on('SIGHUP', () => undefined);
