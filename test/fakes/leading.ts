/** Leads from its start to its end, as where one process has the database. */
export const leading = { leads: () => true, reign: () => undefined, deposed: () => undefined };
