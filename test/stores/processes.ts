import { type ChildProcess, fork } from "node:child_process";
import { once } from "node:events";
import { fileURLToPath } from "node:url";
import { onTestFinished } from "vitest";
import { z } from "zod";

const CHILD = fileURLToPath(new URL("./child.ts", import.meta.url));
const resultSchema = z.object({ accepted: z.number(), refused: z.number(), passed: z.number() });

const started = (...args: readonly string[]): ChildProcess => {
  const child = fork(CHILD, args, { stdio: ["ignore", "inherit", "inherit", "ipc"] });
  onTestFinished(() => void child.kill("SIGKILL"));
  return child;
};

/** The next message of a child, or an error when it ends without one. */
function messageOf(child: ChildProcess): Promise<unknown> {
  return new Promise((resolve, reject) => {
    child.once("message", resolve);
    child.once("exit", (code, signal) => reject(new Error(`child ended with ${code ?? signal}`)));
  });
}

/** Lets `count` processes run the same presses and commands at the same moment. */
export async function raced(count: number, race: { readonly file: string; readonly subjectJobId: string }) {
  const children = Array.from({ length: count }, (_, which) =>
    started("race", race.file, race.subjectJobId, `${which}`),
  );
  await Promise.all(children.map(messageOf));
  const results = children.map(messageOf);
  for (const child of children) child.send("go");
  return (await Promise.all(results)).map((result) => resultSchema.parse(result));
}

/** The names of the jobs a writing process had acknowledged when it was killed, at least `atLeast`. */
export async function writtenUntilKilled(file: string, atLeast: number): Promise<readonly string[]> {
  const child = started("write", file);
  const names: string[] = [];
  child.on("message", (name) => {
    names.push(z.string().parse(name));
    if (names.length === atLeast) child.kill("SIGKILL");
  });
  const [, signal] = await once(child, "close");
  if (signal !== "SIGKILL") throw new Error("the writing child ended by itself");
  return names;
}
