import { ENLARGING } from "./enlarging/lane.ts";
import { LETTERING } from "./lettering/lane.ts";

/** Lanes that every process has and that no order for a new picture is sent to: they change pictures that are there. */
export const OWN_LANES = [LETTERING, ENLARGING] as const;
