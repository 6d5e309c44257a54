import type { Context, Hono } from "hono";
import { text } from "../../src/domain/text.ts";
import { isLoopback } from "./guard.ts";
import { type QrShape, qrShape } from "./qr.ts";
import { Refusal } from "./refusal.ts";
import { bodyOf, memberOf, remoteOf, slowDown } from "./request.ts";
import type { RatedServices } from "./services.ts";
import type { ReachServices, Shared } from "./sharing.ts";
import { reachBody } from "./wire.ts";

/** From where the chat can be opened, as the page shows it. */
export interface Reach {
  /** Where others open it, without a slash at the end; absent: they use the address that this page has, if there is any. */
  readonly address?: string;
  /** Nobody but this computer can open it. */
  readonly onlyHere: boolean;
  /** Whoever asks may let others of the network in, or no more. */
  readonly mayShare: boolean;
  /** What others type once, and a QR code with it: for whoever may share alone. */
  readonly shared?: { readonly code: string; readonly qr: QrShape; readonly others: readonly string[] };
}

/** The address that brings somebody in with the code: what stands behind # is sent to no server and in no log. */
export const invitationTo = ({ addresses: [address = ""], code }: Shared): string =>
  `${address}/access#code=${encodeURIComponent(code)}`;

/** Where others open what whoever asks has opened. */
export function openedAt(c: Context, reach: ReachServices): Pick<Reach, "address" | "onlyHere"> {
  const shared = reach.sharing?.shared;
  const address =
    reach.publicUrl ??
    (isHere(c) ? (shared?.addresses[0] ?? (reach.onLoopback ? undefined : reach.openAt)) : undefined);
  return {
    ...(address === undefined ? {} : { address }),
    onlyHere: address === undefined && reach.onLoopback && isHere(c),
  };
}

/** Where others open it: links and QR codes lead there. */
export function reachRoutes(app: Hono, services: RatedServices): void {
  const { log, reads, operators, reach } = services;

  /** Sits at this very computer, and runs this Placard: nobody who comes through a proxy or under a foreign name does. */
  const mayShare = (c: Context, memberId: string): boolean => {
    const web = operators.filter((id) => id.startsWith("web:"));
    const forwarded = ["x-forwarded-for", "forwarded", "x-forwarded-host", "via"].some((name) => c.req.header(name));
    return (
      reach.sharing !== undefined &&
      reach.onLoopback &&
      reach.publicUrl === undefined &&
      !reach.behindProxy &&
      !forwarded &&
      isLoopback(remoteOf(c)) &&
      isHere(c) &&
      (web.length === 0 || web.includes(memberId))
    );
  };

  const reachFor = async (c: Context, memberId: string): Promise<Reach> => {
    const shared = reach.sharing?.shared;
    const may = mayShare(c, memberId);
    return {
      ...openedAt(c, reach),
      mayShare: may,
      ...(may && shared
        ? {
            shared: {
              code: shared.code,
              qr: await qrShape(invitationTo(shared)),
              others: shared.addresses.slice(1),
            },
          }
        : {}),
    };
  };

  app.get("/api/reach", async (c) => {
    const member = await memberOf(c, log);
    slowDown(reads, member.id, text("web.much.at-once"));
    return c.json(await reachFor(c, member.id));
  });

  app.post("/api/reach", async (c) => {
    const member = await memberOf(c, log);
    const { share } = await bodyOf(c, reachBody);
    slowDown(reads, member.id, text("web.much.at-once"));
    if (!mayShare(c, member.id)) throw new Refusal(403, text("web.share.not-here"));
    if (!share) await reach.sharing?.close();
    else if (!(await reach.sharing?.open())) throw new Refusal(409, text("web.share.no-network"));
    return c.json(await reachFor(c, member.id));
  });
}

/** Whether this page was opened under a name that only this machine has. */
const isHere = (c: Context): boolean => isLoopback((c.req.header("host") ?? "").replace(/:\d+$/, "").toLowerCase());
