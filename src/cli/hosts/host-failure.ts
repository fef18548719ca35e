/** Why a host could not be brought where it should be. */
export class HostFailure extends Error {
  override readonly name = 'HostFailure';

  constructor(
    message: string,
    /** The last lines of the container that failed. */
    readonly lastLines: string = '',
    options?: ErrorOptions,
  ) {
    super(message, options);
  }
}
