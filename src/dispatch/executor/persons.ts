import type { Person } from "../../domain/block.ts";
import { jobIdOf } from "../../domain/ids.ts";
import { ACCOUNTS_MAX, joinedPersonId } from "../../domain/person.ts";
import { platformOf } from "../../domain/place.ts";
import type { Problem } from "../../domain/problem.ts";
import { shownShortCode } from "../../domain/short-code.ts";
import type { Terms } from "../../domain/terms.ts";
import { lines, text } from "../../domain/text.ts";
import type { Outcome } from "../../ports/outcome.ts";
import { accountsText } from "../../views/accounts.ts";
import { isOperator } from "../door.ts";
import type { Cause } from "../replies.ts";
import type { EffectDeps } from "./effects.ts";

/** One human on several platforms. All of it is said to them alone. */
export function createPersonEffects({ services, replies }: Pick<EffectDeps, "services" | "replies">) {
  const { store, linkCodes, installation, nowMs, log } = services;
  const personOf = ({ member }: Cause): Person => ({ id: member.id, name: member.name });

  function accountsChanged(accounts: readonly Person[]): void {
    for (const { id } of accounts) services.adapters.get(platformOf(id))?.accountsChanged?.(id);
  }

  async function code(cause: Cause): Promise<void> {
    const { code: issued } = await linkCodes.issue(personOf(cause));
    const told = lines(
      text("link.code", { code: shownShortCode(issued) }),
      text("link.code.how", { code: shownShortCode(issued) }),
      text("link.code.care"),
    );
    await replies.say(cause, { text: told }, "private");
  }

  async function link({ code: typed }: Extract<Outcome, { do: "link" }>, terms: Terms, cause: Cause): Promise<void> {
    const redeemed = await linkCodes.redeem(typed, `member ${cause.member.id}`, cause.member.id);
    if (!redeemed.ok) return replies.refuse(cause, redeemed.problem);
    const whose = redeemed.value;
    const no = (why: Problem["text"]) => replies.refuse(cause, { code: "not_allowed", text: why });
    // Whoever joins an operator runs this Placard. A stranger's code that an operator is talked into typing must not do that.
    if (terms.isOperator && !(await isOperator(services, whose.id))) return no(text("problem.link.operator"));
    const result = await store.link({
      members: [whose, personOf(cause)],
      personId: joinedPersonId(jobIdOf(cause.updateId)),
      allowance: installation.allowance,
      nowMs: nowMs(),
    });
    switch (result.status) {
      case "full":
        return no(text("problem.link.full", { n: ACCOUNTS_MAX }));
      case "same":
        return no(text(whose.id === cause.member.id ? "problem.link.self" : "problem.link.same"));
      case "linked": {
        log.info("person.linked", { accounts: result.accounts.length });
        accountsChanged(result.accounts);
        const told = lines(
          text("link.joined", { accounts: accountsText(result.accounts) }),
          text("link.joined.means"),
          text("link.joined.undo"),
        );
        return replies.say(cause, { text: told, tone: "good" }, "private");
      }
    }
  }

  async function unlink(cause: Cause): Promise<void> {
    const result = await store.unlink(cause.member.id, installation.allowance, nowMs());
    if (result.status === "alone")
      return replies.refuse(cause, { code: "not_found", text: text("problem.unlink.alone") });
    log.info("person.parted", { rest: result.rest.length });
    accountsChanged([personOf(cause), ...result.rest]);
    const told = text("unlink.done", { accounts: accountsText(result.rest) });
    await replies.say(cause, { text: told, tone: "good" }, "private");
  }

  return { code, link, unlink };
}
