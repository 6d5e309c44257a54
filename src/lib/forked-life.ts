/** For a process that is started by `startForked`: it lives as long as its parent has it live. */
export function liveWithParent(): void {
  process.on("disconnect", () => process.exit());
  // A Ctrl-C in a terminal, and whoever stops a service, reach the whole group: it is the parent that ends this one.
  for (const signal of ["SIGINT", "SIGTERM"] as const) process.on(signal, () => undefined);
}
