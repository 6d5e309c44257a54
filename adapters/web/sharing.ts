import { randomInt } from "node:crypto";
import type { Server } from "node:http";
import type { AddressInfo } from "node:net";
import { networkInterfaces } from "node:os";
import { createAdaptorServer } from "@hono/node-server";
import type { Hono } from "hono";
import { newShortCode, shortCodeIn, shownShortCode } from "../../src/domain/short-code.ts";
import { createListeners } from "../../src/lib/listeners.ts";
import { createSerial } from "../../src/lib/serial.ts";
import { type Guard, guardOf } from "./guard.ts";
import { listening } from "./listening.ts";

/** How others come in now. */
export interface Shared {
  /** Addresses of this machine in its own networks, the likeliest first, e.g. `http://192.168.1.20:8080`. */
  readonly addresses: readonly string[];
  /** What they type once. */
  readonly code: string;
}

/** What of the settings says who can open it. */
export interface ReachServices {
  /** `WEB_PUBLIC_URL`. */
  readonly publicUrl: string | undefined;
  /** The chat itself listens to this machine alone. */
  readonly onLoopback: boolean;
  /** Where it listens. */
  readonly openAt: string | undefined;
  /** Absent: on a server that is itself for others. */
  readonly sharing?: Sharing;
  readonly behindProxy: boolean;
}

/** Where others open it, as far as anybody can. */
export const openTo = ({ publicUrl, sharing, onLoopback, openAt }: ReachServices): string | undefined =>
  publicUrl ?? sharing?.shared?.addresses[0] ?? (onLoopback ? undefined : openAt);

/** Bridges of containers and virtual machines, and tunnels: no phone is in there. */
const VIRTUAL = /^(?:docker|br-|veth|virbr|vmnet|vboxnet|vEthernet|utun|tun|tap|wg|zt)/i;

/** 0: a home's or a hall's Wi-Fi; `undefined`: on the internet, or nowhere. */
function rankOf(address: string): number | undefined {
  const [a = 0, b = 0] = address.split(".").map(Number);
  if (a === 192 && b === 168) return 0;
  if (a === 10) return 1;
  if (a === 172 && b >= 16 && b < 32) return 2;
  return a === 100 && b >= 64 && b < 128 ? 3 : undefined;
}

/** This machine's addresses in networks of one's own: what is on the internet is never opened without https. */
export const ownNetworkAddresses = (interfaces: typeof networkInterfaces = networkInterfaces): readonly string[] =>
  Object.entries(interfaces())
    .flatMap(([name, each = []]) => each.map((one) => ({ ...one, name })))
    .flatMap(({ name, family, internal, address }) => {
      const rank = family === "IPv4" && !internal ? rankOf(address) : undefined;
      return rank === undefined ? [] : [{ address, rank: VIRTUAL.test(name) ? rank + 10 : rank }];
    })
    .toSorted((one, other) => one.rank - other.rank)
    .map(({ address }) => address);

/**
 * Lets others of the same network in while a chat answers this machine alone: on servers of their own, whose guard asks for a
 * code. What listens on this machine stays as it is.
 */
export class Sharing {
  readonly #code: string | undefined;
  readonly #port: () => number;
  readonly #salt: string;
  readonly #appFor: (guard: Guard) => Hono;
  readonly #addresses: () => readonly string[];
  readonly #turns = createSerial();
  readonly #changes = createListeners();
  #servers: readonly Server[] = [];
  #shared: Shared | undefined;

  /** @param code the operator's own; absent: a new one each time */
  constructor(parts: {
    readonly code: string | undefined;
    readonly port: () => number;
    readonly salt: string;
    readonly appFor: (guard: Guard) => Hono;
    readonly addresses: () => readonly string[];
  }) {
    this.#code = parts.code;
    this.#port = parts.port;
    this.#salt = parts.salt;
    this.#appFor = parts.appFor;
    this.#addresses = parts.addresses;
  }

  get shared(): Shared | undefined {
    return this.#shared;
  }

  /** Told when others can come in, and when they no longer can. @returns ends it */
  watch(changed: () => void): () => void {
    return this.#changes.add(changed);
  }

  /** Twice is harmless. `undefined`: this machine is in no network of its own. @throws ChatError where it cannot listen there */
  open(): Promise<Shared | undefined> {
    return this.#turns.run(async () => {
      if (this.#shared) return this.#shared;
      const fresh = this.#code === undefined;
      const code = this.#code ?? newShortCode(randomInt);
      const guard = guardOf(code, this.#salt);
      const app = this.#appFor(fresh ? { ...guard, admit: (typed) => guard.admit(shortCodeIn(typed) ?? "") } : guard);
      const addresses: string[] = [];
      for (const host of this.#addresses()) addresses.push(await this.#listen(app, host));
      if (addresses.length === 0) return undefined;
      this.#shared = { addresses, code: fresh ? shownShortCode(code) : code };
      this.#changes.tell();
      return this.#shared;
    });
  }

  /** Those who came in this way are out: their tabs and their code. Twice is harmless. */
  close(): Promise<void> {
    return this.#turns.run(async () => {
      this.#shared = undefined;
      for (const server of this.#servers) {
        server.close();
        server.closeAllConnections();
      }
      this.#servers = [];
      this.#changes.tell();
    });
  }

  async #listen(app: Hono, host: string): Promise<string> {
    const begin = async (port: number): Promise<AddressInfo> => {
      const server = createAdaptorServer({ fetch: app.fetch }) as Server;
      const address = await listening(server, host, port);
      this.#servers = [...this.#servers, server];
      return address;
    };
    // The same number as here, unless something else has it there.
    const { port } = await begin(this.#port()).catch(() => begin(0));
    return `http://${host}:${port}`;
  }
}
