/** What a chat allows about where its pictures are made. Plain data: it travels with the job. */
export interface RouteRules {
  /** Only these, in this order; absent: every one, in the installation's order. */
  readonly backends?: readonly string[];
  /** false: prompts stay in the group's own network. */
  readonly remote: boolean;
}

export const OPEN_ROUTE: RouteRules = { remote: true };
