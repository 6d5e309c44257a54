import { inject } from "vitest";

declare module "vitest" {
  interface ProvidedContext {
    /** Given by the project: see vitest.config.ts. */
    readonly manyCases: boolean;
  }
}

/**
 * How many cases a test takes that is worth more the more it sees: `few` in `npm test`, `all` in `npm run test:all`. Its file
 * ends in .many.test.ts and runs in both.
 */
export const cases = (few: number, all: number): number => (inject("manyCases") ? all : few);
