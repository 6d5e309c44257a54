/** A steady clock that all processes of the machine share; since its start, usually. */
export const machineMs = (): number => Number(process.hrtime.bigint()) / 1e6;
