/** Nothing was learned of a target, for a reason that is not its own: never held against it. The message can be shown. */
export class ProbeError extends Error {
  override readonly name: string = 'ProbeError';
}
