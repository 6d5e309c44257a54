/** What to add when a limit is near; goes with the figures. */
export const LIMITS_NOTE = `What to add, whichever comes first:

- **GPUs**: another rack, or a host more in \`COMFYUI_URL\`. Several hosts in one \`COMFYUI_URL\` share one queue; several backends have a
  queue each, and an order goes to another than the preferred one only where it waits two minutes less.
- **Telegram**: 30 calls a second are one bot's. A second bot is a second Placard, with groups of its own.
- **Discord**: answers to commands do not count towards its 50 requests a second, so they hardly matter. Above 2,500 servers Discord asks
  for several gateway connections: \`DISCORD_SHARDS=auto\` opens them in the same process. Its interactions endpoint (HTTP instead of the
  gateway) would let several processes answer; Placard does not have it.
- **The main thread**: pictures on other machines (\`ROLE=worker\` over one PostgreSQL), so that this one only talks.
- **The disk**: one inside the machine.`;
