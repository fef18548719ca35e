const oldest = 20;

/**
 * These scripts begin on whatever Node a machine has. This is the first thing they do, and it is imported alone,
 * because an older Node cannot even link the rest.
 */
export function assertOwnNode() {
  if (Number.parseInt(process.versions.node, 10) >= oldest) return;
  process.stderr.write(
    `✗ This is Node ${process.versions.node}. Plimsoll's scripts begin on Node ${oldest} or newer ` +
      `(npm then brings the one that Plimsoll runs on).\n`,
  );
  process.exit(1);
}
