import { describe } from "vitest";
import { blockContract } from "../stores/contract/blocks.ts";
import { chatContract } from "../stores/contract/chats.ts";
import { decisionContract } from "../stores/contract/decisions.ts";
import { deferredContract } from "../stores/contract/deferred.ts";
import { documentContract } from "../stores/contract/documents.ts";
import { fleetContract } from "../stores/contract/fleet.ts";
import { forgettingContract } from "../stores/contract/forgetting.ts";
import type { OpenStore, StoreGaps } from "../stores/contract/inputs.ts";
import { intakeContract } from "../stores/contract/intake.ts";
import { lateTwinContract } from "../stores/contract/late-twins.ts";
import { leaderContract } from "../stores/contract/leader.ts";
import { meetingUpkeepContract } from "../stores/contract/meeting-upkeep.ts";
import { meetingContract } from "../stores/contract/meetings.ts";
import { moderationContract } from "../stores/contract/moderation.ts";
import { opened } from "../stores/contract/opened.ts";
import { outboxContract } from "../stores/contract/outbox.ts";
import { personContract } from "../stores/contract/persons.ts";
import { pictureContract } from "../stores/contract/pictures.ts";
import { potContract } from "../stores/contract/pots.ts";
import { queueContract } from "../stores/contract/queue.ts";
import { voteContract } from "../stores/contract/rerolls.ts";
import { keyValuesContract } from "./key-values.ts";

/**
 * What every implementation of the Store port must do. Each test opens a store of its own; `gaps` names what an
 * implementation cannot do, and the reporter lists those tests with the reason.
 */
export function storeContract(name: string, open: OpenStore, gaps: StoreGaps = {}): void {
  storeContractOfJobs(name, open, gaps);
  storeContractOfTheRest(name, open, gaps);
  storeContractOfMeetings(name, open);
  storeContractOfModeration(name, open);
}

/** Its first part, for whom all of it takes longer than a quick file may. */
export function storeContractOfJobs(name: string, open: OpenStore, gaps: StoreGaps = {}): void {
  describe(`store: ${name}`, () => {
    intakeContract(open);
    lateTwinContract(open, gaps);
    queueContract(open);
    deferredContract(open, gaps);
    outboxContract(open);
    leaderContract(open);
    fleetContract(open);
  });
}

/** Its second part. */
export function storeContractOfTheRest(name: string, open: OpenStore, gaps: StoreGaps = {}): void {
  describe(`store: ${name}`, () => {
    voteContract(open, gaps);
    decisionContract(open);
    documentContract(open);
    blockContract(open);
    personContract(open);
    potContract(open);
    pictureContract(open);
    chatContract(open);
    keyValuesContract(name, async () => (await opened(open)).keyValues);
  });
}

/** Its third part. */
export function storeContractOfMeetings(name: string, open: OpenStore): void {
  describe(`store: ${name}`, () => {
    meetingContract(open);
    meetingUpkeepContract(open);
  });
}

/** Its fourth part. */
export function storeContractOfModeration(name: string, open: OpenStore): void {
  describe(`store: ${name}`, () => {
    moderationContract(open);
    forgettingContract(open);
  });
}
