/** Why nothing is begun, and that nobody has to do anything about their picture. */
export const OUT_OF_ROOM =
  "waits: there is no room left on the disk of this Placard; it goes on by itself when there is. Tell whoever runs it";
