/** Rises whenever the same recipe gives other bytes than before. */
const TYPESETTER_VERSION = 6;

/** What recipes name as the model. */
export const TYPESETTER_MODEL = `sketch ${TYPESETTER_VERSION}`;
