/** Who a request speaks for: the token it was sent with. */
export interface Principal {
  /** Of a token of Plimsoll's own its id; of an issuer's, an id that is the same for each token of its subject. */
  readonly tokenId: string;
  /** The token's name; of an issuer's token, issuer and subject. */
  readonly name: string;
  readonly role: Role;
  /** The one service that the token is bound to, null if it is bound to none. */
  readonly service: string | null;
}

export const ROLES = ['viewer', 'reporter', 'deployer', 'operator', 'admin'] as const;

export type Role = (typeof ROLES)[number];

/** A reporter stands aside: it reports, and reads nothing; all others but the viewer may report as well. */
const holdersOf: Readonly<Record<Role, readonly Role[]>> = {
  viewer: ['viewer', 'deployer', 'operator', 'admin'],
  reporter: ['reporter', 'deployer', 'operator', 'admin'],
  deployer: ['deployer', 'operator', 'admin'],
  operator: ['operator', 'admin'],
  admin: ['admin'],
};

/** Whether who has the role `held` may do what asks for the role `required`. */
export function roleAllows(held: Role, required: Role): boolean {
  return holdersOf[required].includes(held);
}
