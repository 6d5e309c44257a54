import { Bot } from "grammy";

/** A bot in a process of its own, for the fake's own tests. Arguments: API root, token. */
const [apiRoot = "", token = ""] = process.argv.slice(2);
const bot = new Bot(token, { client: { apiRoot } });
bot.on("message:text", (context) => context.reply(`${process.pid} heard: ${context.message.text}`));
await bot.start();
