/** A message of either platform: what its buttons say tells a placeholder from an end. */
export interface Ending {
  readonly text: string;
  readonly labels: readonly string[];
}

export const isFailed = ({ labels }: Ending): boolean => labels.includes("Try again");
export const isEnd = (message: Ending): boolean =>
  isFailed(message) ||
  message.labels.some((label) => label.startsWith("Reroll")) ||
  message.text.includes("No picture this time");
