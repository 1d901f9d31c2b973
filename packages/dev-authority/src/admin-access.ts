/** How to reach the administration of an authority. */
export interface AdminAccess {
  /** `http://127.0.0.1:PORT`, without a slash at the end: another port than the issuer's. */
  readonly url: string;
  /** Sent as a bearer token with each request; a new one each time. Keep it out of logs and command lines. */
  readonly token: string;
  /**
   * The token as the header of a request, in a file for `curl -H @FILE`: command lines are seen by everybody on the machine.
   * It goes with the authority; undefined without `directory`.
   */
  readonly headerFile: string | undefined;
}
