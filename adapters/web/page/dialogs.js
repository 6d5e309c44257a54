import { PICTURE_TYPES } from "./attachment.js";
import { describe, yesNo } from "./completion.js";
import { html, useEffect, useRef, useState } from "./vendor/htm-preact.js";
import { problemText, say } from "./words.js";

/** @import { ShownOption } from "../../../src/ports/option.ts" */
/** @import { Attach } from "./attachment.js" */
/** @import { Upload } from "../../../src/ports/group-log.ts" */

/**
 * A native modal dialog: the browser keeps the focus inside, Escape closes it, and the focus goes back afterwards.
 *
 * @param {{ title: string, onClose: () => void, children?: unknown, kind?: string, onKeyDown?: (event: KeyboardEvent) => void }} props
 */
export function Dialog({ title, onClose, children, kind = "", onKeyDown }) {
  const dialog = useRef(/** @type {HTMLDialogElement | null} */ (null));
  useEffect(() => {
    const before = document.activeElement;
    dialog.current?.showModal();
    return () => {
      // What it was opened from may be gone by now.
      const back = before?.isConnected ? before : document.getElementById("message");
      if (back instanceof HTMLElement) back.focus();
    };
  }, []);
  /** @param {MouseEvent} event */
  const outside = (event) => {
    if (event.target === dialog.current) onClose();
  };
  return html`<dialog ref=${dialog} class=${kind} aria-label=${title} onClose=${onClose} onClick=${outside} onKeyDown=${onKeyDown}>
    <div class="sheet">
      <header><h2 dir="auto">${title}</h2><button type="button" class="close" aria-label=${say("page.dialog.close")} onClick=${onClose}>×</button></header>
      ${children}
    </div>
  </dialog>`;
}

/**
 * @typedef {{ readonly title: string, readonly submitLabel: string,
 *   readonly fields: readonly (ShownOption & { readonly value?: string, readonly label?: string })[] }} FormShown
 */

/**
 * Only what was filled in is handed over, as it was typed; and a field that came filled in and was emptied, as empty.
 *
 * @param {{ form: FormShown, attach: Attach, onClose: () => void,
 *   onSubmit: (values: Record<string, string>, upload: Upload | undefined) => Promise<void> }} props
 */
export function FormDialog({ form, attach, onClose, onSubmit }) {
  const [busy, setBusy] = useState(false);
  const [problem, setProblem] = useState("");
  /** @param {SubmitEvent} event */
  const submit = async (event) => {
    event.preventDefault();
    const data = new FormData(/** @type {HTMLFormElement} */ (event.currentTarget));
    setBusy(true);
    setProblem("");
    try {
      /** @type {Record<string, string>} */
      const values = {};
      let attached;
      for (const [name, value] of data) {
        if (typeof value === "string") {
          const filledIn = form.fields.some((field) => field.name === name && (field.value ?? "") !== "");
          if (value.trim() !== "" || filledIn) values[name] = value.trim();
        } else if (value.size > 0) attached = await attach(value);
      }
      await onSubmit(values, attached);
      onClose();
    } catch (error) {
      setProblem(problemText(error));
      setBusy(false);
    }
  };
  return html`<${Dialog} title=${form.title} onClose=${onClose}>
    <form class="fields" onSubmit=${submit}>
      ${form.fields.map((field, index) => html`<${Field} key=${field.name} field=${field} first=${index === 0} />`)}
      ${problem !== "" && html`<p class="problem" role="alert">${problem}</p>`}
      <div class="buttons end">
        <button type="button" class="press" onClick=${onClose}>${say("page.dialog.cancel")}</button>
        <button type="submit" class="press primary" aria-busy=${busy ? "true" : "false"} disabled=${busy}>${form.submitLabel}</button>
      </div>
    </form>
  <//>`;
}

/**
 * @param {{ field: ShownOption & { readonly value?: string, readonly label?: string }, first: boolean, within?: string }} props within:
 *   two forms can be on the page at once
 */
export function Field({ field, first, within = "field" }) {
  const id = `${within}-${field.name}`;
  const about = { id, name: field.name, required: field.required, autofocus: first, "aria-describedby": `${id}-about` };
  return html`<div class=${`field ${field.rest ? "long" : ""}`}>
    <label for=${id}>${field.label ?? field.name}${!field.required && html`<span class="quiet"> ${say("page.option.optional")}</span>`}</label>
    ${control(field, about)}
    <small id=${`${id}-about`}>${describe(field)}</small>
  </div>`;
}

/** @param {ShownOption & { readonly value?: string }} field @param {Record<string, unknown>} about */
function control(field, about) {
  const { kind, value = "", fallback, min, max, step, maxChars } = field;
  const choices = field.choices ?? (kind === "boolean" ? yesNo() : undefined);
  if (choices && !field.openChoices)
    return html`<select ...${about}>
      ${!field.required && html`<option value="">${fallback === undefined ? say("page.option.as-usual") : say("page.option.as-usual-value", { value: fallback })}</option>`}
      ${choices.map((choice) => html`<option value=${choice.value} selected=${choice.value === value}>${choice.label}</option>`)}
    </select>`;
  if (choices)
    return html`<input ...${about} type="text" maxlength=${maxChars} list=${`${about["id"]}-choices`} defaultValue=${value} placeholder=${fallback} />
      <datalist id=${`${about["id"]}-choices`}>${choices.map((choice) => html`<option value=${choice.value}>${choice.label}</option>`)}</datalist>`;
  // A number field takes no words: seed takes "random" as well.
  if (field.words && kind !== "attachment")
    return html`<input ...${about} type="text" inputmode="numeric" maxlength="20" defaultValue=${value} placeholder=${fallback} />`;
  switch (kind) {
    case "attachment":
      return html`<input ...${about} type="file" accept=${PICTURE_TYPES} />`;
    case "integer":
    case "number":
      return html`<input ...${about} type="number" inputmode=${kind === "integer" ? "numeric" : "decimal"} min=${min} max=${max} step=${step ?? (kind === "integer" ? 1 : "any")} defaultValue=${value} placeholder=${fallback} />`;
    default:
      return field.rest || (maxChars ?? 0) > 200
        ? html`<textarea ...${about} rows="4" maxlength=${maxChars} dir="auto" defaultValue=${value}></textarea>`
        : html`<input ...${about} type="text" maxlength=${maxChars} dir="auto" defaultValue=${value} placeholder=${fallback} />`;
  }
}
