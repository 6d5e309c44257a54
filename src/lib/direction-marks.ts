/**
 * Marks and controls of direction (UAX #9), and the byte order mark. Joiners are none of them: scripts and emoji need those.
 */
const DIRECTION_MARKS = /[\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069\ufeff]/gu;

/**
 * What somebody typed or pasted, without marks that nobody sees: they come along when a line is copied, stand between a name
 * and its colon, and can make a prompt read differently from what is sent. For what comes in; what goes out needs its own.
 */
export const withoutDirectionMarks = (typed: string): string => typed.replace(DIRECTION_MARKS, "");
