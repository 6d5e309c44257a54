import { z } from "zod";
import { agendaIn, ITEM_MAX_MINUTES } from "../../domain/agenda.ts";
import { MEETING_TITLE_MAX_CHARS } from "../../domain/meeting.ts";
import { generateProblem, potProblem } from "../../domain/permissions.ts";
import { sizeOf } from "../../domain/size.ts";
import { type Text, text } from "../../domain/text.ts";
import { fieldsOf, option, parseForm } from "../../ports/args.ts";
import type { Catalogue, Context } from "../../ports/command.ts";
import type { Outcome } from "../../ports/outcome.ts";
import { drawFields, styleOption } from "../draw/options.ts";

const AGENDA_MAX_CHARS = 4000;
const BUDGET_MAX_SECONDS = 1_000_000;

/** What a meeting is begun with. */
export const startFields = ({ styles }: Pick<Catalogue, "styles">) => ({
  title: option(z.string().trim().max(MEETING_TITLE_MAX_CHARS).optional(), {
    about: text("cmd.meeting.option.title"),
    label: text("label.meeting.title"),
    phrase: true,
  }),
  agenda: option(z.string().trim().max(AGENDA_MAX_CHARS).optional(), {
    about: text("cmd.meeting.option.agenda"),
    label: text("label.agenda"),
    phrase: true,
  }),
  style: styleOption(styles).optional(),
  size: drawFields.size.optional(),
  budget: option(z.int().min(1).max(BUDGET_MAX_SECONDS).optional(), {
    about: text("cmd.meeting.option.budget"),
    label: text("label.budget"),
  }),
  minutes: option(z.int().min(1).max(ITEM_MAX_MINUTES).optional(), {
    about: text("cmd.meeting.option.minutes"),
    label: text("label.meeting.minutes"),
  }),
});

export interface StartWish {
  readonly title?: string | undefined;
  readonly agenda?: string | undefined;
  readonly style?: string | undefined;
  readonly size?: string | undefined;
  /** Seconds. */
  readonly budget?: number | undefined;
  /** Of each item that names none. */
  readonly minutes?: number | undefined;
}

const no = (code: "bad_args" | "not_allowed", why: Text): Outcome => ({ do: "refuse", problem: { code, text: why } });

/** Why nobody begins a meeting here now, or this member does not. */
function startRefusal(context: Context): Outcome | undefined {
  if (!context.place.group) return no("not_allowed", text("problem.meeting.alone"));
  if (context.meeting) return no("not_allowed", text("problem.meeting.open", { title: context.meeting.title }));
  const problem = generateProblem(context);
  return problem && { do: "refuse", problem };
}

export function startMeeting(context: Context, wish: StartWish): Outcome {
  const refused = startRefusal(context);
  if (refused) return refused;
  const { style, size, budget, minutes } = wish;
  const title = (wish.title ?? "").replace(/\s+/gu, " ").trim();
  if (title.length > MEETING_TITLE_MAX_CHARS)
    return no("bad_args", text("problem.meeting.title", { max: MEETING_TITLE_MAX_CHARS }));
  const shape = size === undefined ? undefined : sizeOf(size);
  if (shape?.ok === false) return { do: "refuse", problem: shape.problem };
  const planned = agendaIn(wish.agenda ?? "");
  if (!planned.ok) return { do: "refuse", problem: planned.problem };
  // Without an agenda the meeting is about one thing.
  const agenda = (planned.value.length === 0 ? [{ title }] : planned.value).map((item) =>
    minutes === undefined ? item : { minutes, ...item },
  );
  const ofPot = budget !== undefined && potProblem(context) === undefined;
  return {
    do: "meeting",
    does: "start",
    asked: {
      title,
      agenda,
      ...(style === undefined ? {} : { style }),
      ...(size === undefined ? {} : { size }),
    },
    ...(budget === undefined ? {} : { budget: { gpuMs: budget * 1000, ofPot } }),
  };
}

const formOf = (catalogue: Pick<Catalogue, "styles">) => ({
  name: "meeting",
  args: z.strictObject(startFields(catalogue)),
  again: text("form.meeting.again"),
});
/** Small forms have room for five: what is said seldom comes last. */
const ORDER = ["title", "agenda", "style", "size", "budget", "minutes"];

/** Asks for what a meeting begins with. @param said with the command */
export function startForm(context: Context, catalogue: Pick<Catalogue, "styles">, said: StartWish): Outcome {
  const refused = startRefusal(context);
  if (refused) return refused;
  const values: Readonly<Record<string, string | number | undefined>> = { ...said };
  return {
    do: "form",
    form: {
      title: text("form.meeting.title"),
      token: context.token("meetnew", "chat"),
      submitLabel: text("button.meeting.start"),
      fields: fieldsOf(formOf(catalogue))
        .toSorted((one, other) => ORDER.indexOf(one.name) - ORDER.indexOf(other.name))
        .map((field) => ({
          ...field,
          value: String(values[field.name] ?? ""),
          ...(field.name === "title" ? { required: true } : {}),
        })),
    },
  };
}

/** The form, filled in. */
export function startFromForm(
  context: Context,
  catalogue: Pick<Catalogue, "styles">,
  values: Readonly<Record<string, unknown>>,
): Outcome {
  const filled = parseForm(formOf(catalogue), values, context.spoken);
  if (!filled.ok) return { do: "refuse", problem: filled.problem };
  const { title } = filled.value.values;
  if (title === undefined || title === "") return no("bad_args", text("problem.meeting.untitled"));
  return startMeeting(context, filled.value.values);
}
