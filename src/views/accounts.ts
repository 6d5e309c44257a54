import type { Person } from "../domain/block.ts";
import { platformOf } from "../domain/place.ts";
import { listed, type Text, text } from "../domain/text.ts";

/** "Ana on Telegram and Ana on the web chat". */
export const accountsText = (accounts: readonly Person[]): Text => listed(accounts.map(accountText));

function accountText({ id, name }: Person): Text {
  const platform = platformOf(id);
  switch (platform) {
    case "discord":
    case "telegram":
    case "web":
      return text(`link.account.${platform}`, { name });
    default:
      return text("link.account", { name, platform });
  }
}
