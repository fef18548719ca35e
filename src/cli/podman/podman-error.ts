/** What Podman answered, or why it could not be asked. */
export class PodmanError extends Error {
  override readonly name = 'PodmanError';

  /** `status` is null where no whole answer came: what was asked may have been done. */
  constructor(
    message: string,
    readonly status: number | null,
    options?: ErrorOptions,
  ) {
    super(message, options);
  }

  get isUnreachable(): boolean {
    return this.status === null;
  }
}
