import { once } from "node:events";
import {
  chmodSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { PassThrough } from "node:stream";
import { pathToFileURL } from "node:url";
import { parseEnv } from "node:util";
import { describe, expect, it, onTestFinished } from "vitest";
import { firstSteps } from "../../src/app/first-steps.ts";
import { loadAdapters, loadBackends, OWN_PARTS } from "../../src/app/load.ts";
import { fakeBackend } from "../../src/backends/fake.ts";
import { connect } from "../../src/cli/setup/connect.ts";
import { readEnvFile, withSettings, writeEnvFile } from "../../src/cli/setup/env-file.ts";
import { loadOffers, type Offer } from "../../src/cli/setup/offers.ts";
import { Interrupted, openTerminal, type Terminal } from "../../src/cli/setup/terminal.ts";
import { openDiscordFake } from "../fakes/discord.ts";
import { openTelegramFake } from "../fakes/telegram.ts";

const root = new URL("../..", import.meta.url).pathname;

function folder(): string {
  const made = mkdtempSync(join(tmpdir(), "placard-setup-"));
  onTestFinished(() => rmSync(made, { recursive: true, force: true }));
  return made;
}

/** Gives these answers, one after the other, and notes what was shown. */
function scripted(
  answers: readonly string[],
): Terminal & { readonly shown: () => string; readonly left: () => number } {
  const rest = [...answers];
  let shown = "";
  return {
    say(text) {
      shown += `${text}\n`;
    },
    async ask(prompt, how) {
      const answer = rest.shift();
      shown += `${prompt}${how?.hidden === true ? "" : answer}\n`;
      return answer;
    },
    close() {},
    shown: () => shown,
    left: () => rest.length,
  };
}

async function offerOf(setting: string): Promise<Offer> {
  const { platforms, backends } = await loadOffers();
  const found = [...platforms, ...backends].find(({ ask }) => ask[0] === setting);
  if (!found) throw new Error(`nothing asks for ${setting}`);
  return found;
}

describe("a .env", () => {
  it.each([
    [
      "changes the line of a setting and no other",
      "# one\nA=1\n\n# two\nB = 2 # more\nC=3\n",
      "# one\nA=1\n\n# two\nB=x\nC=3\n",
    ],
    ["fills an empty one", "B=\nC=3\n", "B=x\nC=3\n"],
    ["adds one at the end", "A=1\n", "A=1\nB=x\n"],
    ["ends the last line first", "A=1", "A=1\nB=x\n"],
    ["begins with nothing", "", "B=x\n"],
    ["keeps the ends of lines", "A=1\r\nB=2\r\n", "A=1\r\nB=x\r\n"],
    ["changes the one of two that counts", "B=1\nexport B=2\n", "B=1\nB=x\n"],
    ["leaves a comment and longer names alone", "#B=1\nAB=1\nBB=2\n", "#B=1\nAB=1\nBB=2\nB=x\n"],
  ])("%s", (_why, before, after) => expect(withSettings(before, new Map([["B", "x"]]))).toBe(after));

  it.each(["a b", "a#b", "it's", '"', "back`tick", "a\\nb", "a=b", "$HOME", "'\""])("holds %s as it is", (value) =>
    expect(parseEnv(withSettings("", new Map([["B", value]])))).toEqual({ B: value }),
  );

  it("says so where it cannot hold a value, or a file is beyond it", () => {
    expect(() => withSettings("", new Map([["B", "'\"`canary"]]))).toThrow(/^B cannot be kept in \.env: it has odd/);
    expect(() => withSettings('A="1\nB=2\n3"\n', new Map([["B", "x"]]))).toThrow(/change it by hand/);
  });

  it("takes a value out and leaves its line", () =>
    expect(withSettings("# about B\nB=2\n", new Map([["B", undefined]]))).toBe("# about B\nB=\n"));

  it("starts from the example, is for this account only, and stays where a link leads", () => {
    const cwd = folder();
    writeFileSync(join(cwd, "example"), "B=\n");
    expect(readEnvFile(join(cwd, ".env"), join(cwd, "example"))).toBe("B=\n");
    mkdirSync(join(cwd, "elsewhere"));
    writeFileSync(join(cwd, "elsewhere", "env"), "B=1\n");
    chmodSync(join(cwd, "elsewhere", "env"), 0o644);
    symlinkSync(join("elsewhere", "env"), join(cwd, ".env"));
    writeEnvFile(join(cwd, ".env"), "B=2\n");
    expect(lstatSync(join(cwd, ".env")).isSymbolicLink()).toBe(true);
    expect(readEnvFile(join(cwd, ".env"), join(cwd, "example"))).toBe("B=2\n");
    expect(statSync(join(cwd, "elsewhere", "env")).mode & 0o777).toBe(0o600);
    expect(readdirSync(join(cwd, "elsewhere"))).toEqual(["env"]);
  });
});

describe("the terminal", () => {
  function keyboard() {
    const input = Object.assign(new PassThrough(), { isTTY: true, setRawMode: () => input });
    const output = Object.assign(new PassThrough(), { isTTY: true, columns: 80 });
    let shown = "";
    output.on("data", (chunk: Buffer) => (shown += chunk.toString()));
    const terminal = openTerminal(input, output);
    onTestFinished(() => terminal.close());
    return { input, terminal, shown: () => shown };
  }

  it("shows nothing of what is hidden, not with the arrow keys either, and the rest as it is typed", async () => {
    const { input, terminal, shown } = keyboard();
    const token = terminal.ask("token: ", { hidden: true });
    input.write("can");
    input.write("\u007fnary-token\r");
    expect(await token).toBe("canary-token");
    const address = terminal.ask("address: ");
    input.write("\u001b[A\u001b[Ahttp://fox\r");
    expect(await address).toBe("http://fox");
    expect(shown()).toContain("http://fox");
    expect(shown()).not.toMatch(/can|nary/);
  });

  it("takes lines that come before they are asked for", async () => {
    const input = new PassThrough().end("one\n two \n");
    const terminal = openTerminal(input, new PassThrough());
    await once(input, "end");
    expect([await terminal.ask(""), await terminal.ask(""), await terminal.ask("")]).toEqual(["one", "two", undefined]);
  });

  it("ends on Ctrl-C and on the end of the input", async () => {
    const { input, terminal } = keyboard();
    const interrupted = terminal.ask("token: ", { hidden: true });
    input.write("abc\u0003");
    await expect(interrupted).rejects.toThrow(Interrupted);
    await expect(terminal.ask("more: ")).rejects.toThrow(Interrupted);

    const other = keyboard();
    const ended = other.terminal.ask("token: ");
    other.input.end();
    expect(await ended).toBeUndefined();
    expect(await other.terminal.ask("more: ")).toBeUndefined();
  });
});

describe("what is offered", () => {
  it("asks for settings that exist, each once, and says where to get what is asked for", async () => {
    const { platforms, backends } = await loadOffers();
    expect(platforms.length).toBeGreaterThan(2);
    expect(backends.length).toBeGreaterThan(3);
    const example = parseEnv(readFileSync(join(root, ".env.example"), "utf8"));
    for (const { ask, also, how, why, describe: about } of [...platforms, ...backends]) {
      for (const name of [...ask, ...Object.keys(also ?? {})]) {
        expect(Object.keys(example)).toContain(name);
        expect(about(name)).not.toBe("");
      }
      expect(`${why}${how.join("")}`, ask[0]).not.toBe("");
      if (ask[0] !== "WEB_TOKEN") expect(how.join(" "), ask[0]).toMatch(/https:\/\//);
    }
  });

  it("comes from a platform's one file, and from nowhere else", async () => {
    const adapters = pathToFileURL(`${folder()}/`);
    writeFileSync(
      new URL("carrier.ts", adapters),
      `import { z } from ${JSON.stringify(import.meta.resolve("zod"))};
       const env = z.object({ CARRIER_LOFT: z.string().regex(/^loft-/, "must begin with loft-").describe("where they live") });
       export const module = {
         name: "carrier", summary: "pigeons", env: env.partial(), create: () => undefined,
         setup: { title: "Pigeons", why: "They carry pictures.", how: ["Build a loft."], ask: ["CARRIER_LOFT"] },
         inspect: async ({ CARRIER_LOFT }) => ({ ok: true, facts: ["12 pigeons in " + CARRIER_LOFT], nextSteps: [] }),
       };`,
    );
    const { platforms } = await loadOffers({ ...OWN_PARTS, adapters: [adapters] });
    const [offer, ...others] = platforms;
    expect(others).toEqual([]);
    const terminal = scripted(["roof", "loft-7"]);
    expect(offer && (await connect(terminal, offer, {}))).toEqual(new Map([["CARRIER_LOFT", "loft-7"]]));
    expect(terminal.shown()).toMatch(
      /They carry pictures\.\n {2}1\. Build a loft\.[\s\S]*must begin with loft-[\s\S]*12 pigeons/,
    );
  });

  it("is told at the start while nothing of it is connected", async () => {
    const here = fakeBackend({ facts: { where: "here" } });
    const modules = [...(await loadAdapters(OWN_PARTS)), ...(await loadBackends(OWN_PARTS))];
    expect(firstSteps({}, [here], modules)).toEqual(["To connect Discord, Telegram or a graphics card: npm run setup"]);
    expect(firstSteps({ TELEGRAM_TOKEN: "x" }, [here], modules)).toEqual([]);
    expect(firstSteps({}, [here, fakeBackend({ name: "far", facts: { where: "remote" } })], modules)).toEqual([]);
  });
});

describe("connecting", () => {
  it("says that a token is refused and asks again, until one works", async () => {
    const discord = await openDiscordFake();
    onTestFinished(() => discord.close());
    discord.guild("The Printers");
    const wrong = discord.token.replace(/.{6}$/, "canary");
    const terminal = scripted(["1134567890123456789", wrong, discord.token]);
    const changes = await connect(terminal, await offerOf("DISCORD_TOKEN"), { DISCORD_API_URL: discord.apiUrl });
    expect(changes).toEqual(new Map([["DISCORD_TOKEN", discord.token]]));
    expect(terminal.shown()).toMatch(
      /this is no bot token[\s\S]*Discord does not accept DISCORD_TOKEN[\s\S]*It was not kept[\s\S]*✓ Discord\n {4}Discord knows the token/,
    );
    expect(terminal.shown()).toContain("https://discord.com/developers/applications");
    for (const secret of [wrong, discord.token, "canary"]) expect(terminal.shown()).not.toContain(secret);
  });

  it("leaves everything as it was after a refused token and Enter", async () => {
    const telegram = await openTelegramFake({ flood: "off" });
    onTestFinished(() => telegram.close());
    const env = { TELEGRAM_API_URL: telegram.url, TELEGRAM_TOKEN: telegram.token };
    const wrong = scripted(["123456:canary-canary-canary", ""]);
    expect(await connect(wrong, await offerOf("TELEGRAM_TOKEN"), env)).toBeUndefined();
    expect(wrong.shown()).toMatch(/✗ Telegram[\s\S]*It was not kept/);
    expect(wrong.shown()).not.toContain("canary");
    const right = scripted([telegram.token]);
    expect(await connect(right, await offerOf("TELEGRAM_TOKEN"), env)).toEqual(
      new Map([["TELEGRAM_TOKEN", telegram.token]]),
    );
    expect(right.shown()).toContain("✓ Telegram");
    expect(right.left()).toBe(0);
  });

  it.each([
    ["k", new Map([["COMFYUI_URL", "http://ann:canary@127.0.0.1:9"]])],
    ["", undefined],
  ])("asks what to do with an address where nothing answers: %j", async (answer, changes) => {
    const terminal = scripted([
      "127.0.0.1",
      "http://ann:canary@127.0.0.1:9",
      "a",
      "http://ann:canary@127.0.0.1:9",
      answer,
    ]);
    expect(await connect(terminal, await offerOf("COMFYUI_URL"), {})).toEqual(changes);
    expect(terminal.shown()).toMatch(
      /must start with http:\/\/ or https:\/\/[\s\S]*not usable: ComfyUI[^\n]* does not answer/,
    );
    expect(terminal.shown().match(/not usable/g)).toHaveLength(2);
    expect(terminal.left()).toBe(0);
  });

  it("opens the web chat along with its access code, and closes it again", async () => {
    const offer = await offerOf("WEB_TOKEN");
    const set = await connect(scripted(["a-code-for-us"]), offer, { WEB_PORT: "0" });
    expect(set).toEqual(
      new Map([
        ["WEB_TOKEN", "a-code-for-us"],
        ["WEB_HOST", "0.0.0.0"],
      ]),
    );
    const env = { WEB_PORT: "0", WEB_TOKEN: "a-code-for-us", WEB_HOST: "0.0.0.0" };
    expect(await connect(scripted(["-"]), offer, env)).toEqual(
      new Map([
        ["WEB_TOKEN", undefined],
        ["WEB_HOST", undefined],
      ]),
    );
    expect(await connect(scripted([""]), offer, env)).toBeUndefined();
    const own = await connect(scripted(["a-code-for-us"]), offer, { WEB_PORT: "0", WEB_HOST: "127.0.0.1" });
    expect(own).toEqual(new Map([["WEB_TOKEN", "a-code-for-us"]]));
  });
});
