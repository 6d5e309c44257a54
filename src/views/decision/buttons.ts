import { AYE, type Decision, type DecisionOption, NONE_OF_THESE } from "../../domain/decision.ts";
import type { Picture } from "../../domain/job.ts";
import { type Text, text, verbatim } from "../../domain/text.ts";
import type { Button } from "../../ports/view.ts";
import type { SignButton } from "../buttons.ts";
import { countOf, type DecisionFacts, pictureOfOption, showsCounts } from "./facts.ts";
import { sheetColumns } from "./sheet.ts";

const ROWS_MAX = 5;
const ROW_MAX = 5;

export const chooseToken = (token: SignButton, decisionId: string, optionId: string): string =>
  token("choose", "chat", { d: decisionId, o: optionId });
/** With `values.choices`: exactly these. */
export const setToken = (token: SignButton, decisionId: string): string => token("choose", "chat", { d: decisionId });

/** "#12", "Agree": without how many. */
export function optionLabel(option: DecisionOption, decision: Decision, known: Pick<DecisionFacts, "pictures">): Text {
  switch (option.id) {
    case AYE:
      return text("button.vote");
    case NONE_OF_THESE:
      return text("button.none-of-these");
    case "agree":
    case "abstain":
    case "disagree":
    case "block":
      if (decision.rule.method === "proposal") return text(`button.${option.id}`);
  }
  const picture = pictureOfOption(option, known);
  return picture ? verbatim(`#${picture.number}`) : text("decision.gone.short");
}

/** Under its message while it is open; @param counted false: in a message that is not kept up to date */
export function openButtons(
  decision: Decision,
  known: Pick<DecisionFacts, "pictures">,
  token: SignButton,
  counted = true,
): readonly (readonly Button[])[] {
  const { decisionId, options, rule } = decision;
  const counts = counted && showsCounts(decision) && rule.method !== "quorum";
  const button = (option: DecisionOption): Button => {
    const label = optionLabel(option, decision, known);
    const count = countOf(decision, option.id);
    return {
      label: counts && count > 0 ? text("button.option.count", { option: label, count }) : label,
      token: chooseToken(token, decisionId, option.id),
      ...(option.id === AYE ? { tone: "primary" as const, byThumb: true as const } : {}),
    };
  };
  const close = closeButtons(decision, token);
  if (rule.method === "quorum" || rule.method === "proposal")
    return rule.method === "quorum" ? [[...options.map(button), ...close]] : [options.map(button), close];
  const pictures = options.filter(({ id }) => id !== NONE_OF_THESE);
  const rows = inRows(pictures.map(button), sheetColumns(pictures.length));
  const others = [...options.filter(({ id }) => id === NONE_OF_THESE).map(button), ...close];
  if (rows.length < ROWS_MAX) return [...rows, others].filter((row) => row.length > 0);
  const last = rows.at(-1) ?? [];
  return [...rows.slice(0, -1), [...last, ...others].slice(0, ROW_MAX)];
}

/** For who opened it and who keeps order here. Another take is open until its time is up. */
const closeButtons = ({ decisionId, kind }: Decision, token: SignButton): readonly Button[] =>
  kind === "reroll"
    ? []
    : [
        {
          label: text(kind === "spend" ? "button.withdraw" : "button.close-vote"),
          token: token("endvote", "chat", { d: decisionId }),
        },
      ];

/** Once it is over: what is left to decide, or to do about it. */
export function overButtons(
  decision: Decision,
  known: DecisionFacts,
  token: SignButton,
): readonly (readonly Button[])[] {
  const { outcome, options, decisionId } = decision;
  if (!outcome) return [];
  const { winners, tie } = outcome;
  if (tie && decision.state === "closed")
    return inRows(
      options
        .filter(({ id }) => winners.includes(id))
        .map((option) => ({
          label: text("button.choose", { option: optionLabel(option, decision, known) }),
          token: token("endvote", "chat", { d: decisionId, o: option.id }),
        })),
      ROW_MAX,
    ).slice(0, ROWS_MAX);
  const chosen = decision.state === "passed" ? chosenPicture(decision, known) : undefined;
  if (chosen) return [[printButton(chosen, token), letteringButton(chosen, token)]];
  const { subject } = known;
  const [first] = subject?.pictures ?? [];
  if (!winners.includes(NONE_OF_THESE) || !subject || !first || first.deleted) return [];
  const pictures = subject.pictures.length > 1 ? "all" : first.index;
  return [
    [
      {
        label: text("button.reroll"),
        token: token("reroll", { jobId: subject.job.jobId, pictures }),
        tone: "primary",
      },
    ],
  ];
}

/** The one picture that was chosen, or agreed to. */
function chosenPicture(decision: Decision, known: DecisionFacts): Picture | undefined {
  const { kind, options, outcome } = decision;
  if (kind === "proposal") return known.pictures.find(({ deleted }) => deleted === undefined);
  const won = options.filter(({ id }) => outcome?.winners.includes(id));
  const [option] = won;
  return kind === "pick" && option && won.length === 1 ? pictureOfOption(option, known) : undefined;
}

/** What comes next for a poster that was chosen: its words. Elsewhere it is in the menu of the picture. */
const letteringButton = ({ jobId, index }: Picture, token: SignButton): Button => ({
  label: text("button.lettering"),
  token: token("letters", { jobId, pictures: index }),
  does: "lettering",
  ownLayoutOnly: true,
});

/** And paper, which comes first. */
const printButton = ({ jobId, index }: Picture, token: SignButton): Button => ({
  label: text("button.print"),
  token: token("print", { jobId, pictures: index }),
  tone: "primary",
  does: "print",
});

const inRows = (buttons: readonly Button[], perRow: number): readonly (readonly Button[])[] =>
  buttons.length === 0 ? [] : [buttons.slice(0, perRow), ...inRows(buttons.slice(perRow), perRow)];
