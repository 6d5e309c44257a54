/** Rises whenever the same recipe gives other bytes than before. */
const TYPESETTER_VERSION = 7;

/** What recipes name as the model. */
export const TYPESETTER_MODEL = `sketch ${TYPESETTER_VERSION}`;
