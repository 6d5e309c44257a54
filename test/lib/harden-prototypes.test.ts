import { execFile } from "node:child_process";
import { promisify } from "node:util";
import { expect, it } from "vitest";

const module = new URL("../../src/lib/harden-prototypes.ts", import.meta.url).href;

/** In a process of its own: it cannot be undone. */
async function hardened(code: string): Promise<unknown> {
  const script = `const { hardenPrototypes } = await import(${JSON.stringify(module)});
    hardenPrototypes();
    hardenPrototypes();
    const tried = (change) => { try { change(); } catch {} };
    const run = () => { ${code} };
    console.log(JSON.stringify(run()));`;
  const { stdout } = await promisify(execFile)(process.execPath, ["--input-type=module", "-e", script]);
  return JSON.parse(stdout);
}

it("no way in changes what everything inherits from, and objects go on having such names of their own", async () => {
  const found = await hardened(`
    const { toString } = Object.prototype;
    for (const of of [{}, [], () => {}]) for (const way of [(of) => of.__proto__, (of) => of.constructor.prototype]) {
      tried(() => { way(of).polluted = 1; });
      tried(() => { Object.defineProperty(way(of), "polluted", { value: 1 }); });
    }
    tried(() => { ({}).__proto__.toString = 1; });
    tried(() => { delete Object.prototype.hasOwnProperty; });
    tried(() => { Object.setPrototypeOf(Object.prototype, { polluted: 1 }); });
    const inherited = [{}, [], () => {}].map((of) => of.polluted ?? "clean");
    inherited.push(Object.prototype.toString === toString, {}.hasOwnProperty("x"));
    const made = { constructor: 1 };
    made.toString = () => "mine";
    made.hasOwnProperty = 2;
    class Base {}
    Base.prototype.valueOf = () => 3;
    const list = [];
    list.map = 4;
    return { inherited, own: [String(made), Object.keys(made), +new Base(), list.map, {}.constructor === Object] };`);
  expect(found).toEqual({
    inherited: ["clean", "clean", "clean", true, false],
    own: ["mine", ["constructor", "toString", "hasOwnProperty"], 3, 4, true],
  });
});
