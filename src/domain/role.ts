/**
 * What a process does where several work with one database. "worker": makes pictures and documents. "front": hears and answers,
 * the web chat at once, the platforms that let one listen while it leads. "all": both.
 */
export const ROLES = ["all", "worker", "front"] as const;
export type Role = (typeof ROLES)[number];

/** It takes jobs from the queue. */
export const makesPictures = (role: Role): boolean => role !== "front";
/** It has members before it, may lead, and sends what is owed then. */
export const hearsMembers = (role: Role): boolean => role !== "worker";
