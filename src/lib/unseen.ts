/**
 * Nobody sees them in any script: marks of direction (UAX #9), byte order marks, zero-width spaces, word joiners, soft
 * hyphens, fillers of Hangul, the vowel separator of Mongolian. Joiners are none of them: scripts and emoji need those.
 */
const UNSEEN = /[\u00ad\u061c\u115f\u1160\u180e\u200b\u200e\u200f\u202a-\u202e\u2060-\u2069\u3164\ufeff\uffa0]/gu;
/** Joiners and variation selectors mean something after a letter of their script or an emoji, never at a word's edge. */
const LOOSE = /(?<=^|[\s!-~])(?<![\d#*])(?:\u200c|\u200d|[\ufe00-\ufe0f])+|(?:\u200c|\u200d)+(?=[!-~]|$)/gu;

/**
 * What somebody typed or pasted, without marks that nobody sees: they come along when a line is copied, stand between a name
 * and its colon, and can make a prompt read differently from what is sent. For what comes in; what goes out needs its own.
 */
export const withoutUnseen = (typed: string): string =>
  typed
    .replace(UNSEEN, "")
    .replace(/\u2800/gu, " ")
    .replace(LOOSE, "");
