// The form of an outcome: one key chooses, Enter saves, what is typed outlives a reload and an ended session.
import { first, typing } from "./keys.js";

const PREFIX = "draft:";
const KEPT_FOR = 2 * 24 * 3600 * 1000;

const formNow = () => document.querySelector("form[data-outcome-form]");
const storeKey = (form) => PREFIX + form.dataset.draft;

function panels(form) {
    return [...form.querySelectorAll("[data-details]")];
}

function show(form, outcome) {
    form.elements.outcome.value = outcome;
    form.elements.confirmed.value = "0";
    for (const panel of panels(form)) {
        const mine = panel.dataset.details === outcome;
        panel.hidden = !mine;
        panel.disabled = !mine;
    }
    for (const button of form.querySelectorAll("[data-outcome]")) {
        const mine = button.dataset.outcome === outcome;
        button.setAttribute("aria-expanded", String(mine));
        button.classList.toggle("is-chosen", mine);
    }
    form.querySelector("[data-save]").hidden = !outcome;
    form.querySelector("[data-cancel]").hidden = !outcome;
    const panel = form.querySelector(`[data-details="${outcome}"]`);
    const field = panel?.querySelector("[data-first]") ?? panel?.querySelector("input:not([type=hidden]), select");
    // What needs a second key keeps the keys: a list would swallow it.
    if (form.querySelector(`[data-grave][data-outcome="${outcome}"]`)) document.getElementById("card")?.focus();
    else field?.focus();
    filling();
}

function choose(button) {
    const form = button.form ?? button.closest("form");
    const outcome = button.dataset.outcome;
    const again = form.elements.outcome.value === outcome;
    if ("instant" in button.dataset) {
        show(form, outcome);
        send(form);
        return;
    }
    if (again) {
        if ("grave" in button.dataset) form.elements.confirmed.value = "1";
        send(form);
        return;
    }
    show(form, outcome);
    save(form);
}

function send(form) {
    if (!form.dataset.sending) form.requestSubmit();
}

export function filling() {
    const form = formNow();
    const typed = form && (form.elements.outcome.value || form.elements.note.value.trim());
    if (typed) document.body.dataset.filling = "1";
    else delete document.body.dataset.filling;
    document.dispatchEvent(new CustomEvent("budilnik:filling"));
}

function save(form) {
    const fields = Object.fromEntries(
        [...new FormData(form)].filter(([name]) => !["csrfmiddlewaretoken", "seen", "key", "confirmed"].includes(name)),
    );
    if (!fields.outcome && !fields.note?.trim()) localStorage.removeItem(storeKey(form));
    else localStorage.setItem(storeKey(form), JSON.stringify({ at: Date.now(), fields }));
    filling();
}

function restore(form) {
    let kept;
    try {
        kept = JSON.parse(localStorage.getItem(storeKey(form)) ?? "null");
    } catch {
        kept = null;
    }
    if (!kept) return;
    if (kept.fields.outcome) show(form, kept.fields.outcome);
    for (const [name, value] of Object.entries(kept.fields)) {
        const field = [...form.elements].filter((each) => each.name === name && !each.matches(":disabled"));
        if (field.length === 1 && name !== "outcome") field[0].value = value;
    }
    filling();
}

function forgetOld() {
    for (const key of Object.keys(localStorage).filter((each) => each.startsWith(PREFIX))) {
        try {
            if (Date.now() - JSON.parse(localStorage.getItem(key)).at > KEPT_FOR) localStorage.removeItem(key);
        } catch {
            localStorage.removeItem(key);
        }
    }
}

document.addEventListener("click", (event) => {
    const button = event.target.closest("[data-outcome]");
    // The second click of a double click is no wish: by then the next client's buttons may lie under it.
    if (button) return event.detail > 1 || choose(button);
    const form = formNow();
    if (event.target.closest("[data-cancel]") && form) {
        show(form, "");
        save(form);
        document.getElementById("card")?.focus();
    }
    const preset = event.target.closest("[data-preset-on]");
    if (preset && form) {
        const panel = preset.closest("[data-details]");
        panel.querySelector("[name=callback_on]").value = preset.dataset.presetOn;
        panel.querySelector("[name=callback_at]").value = preset.dataset.presetAt;
        save(form);
        form.querySelector("[data-save]").focus();
    }
});

document.addEventListener("input", (event) => {
    const form = event.target.closest("form[data-outcome-form]");
    if (!form) return;
    if (event.target.matches("[data-not-talked]")) {
        event.target.closest("[data-details]").querySelector("[name=talked]").value = event.target.checked ? "0" : "1";
    }
    if (event.target.name === "reason") {
        const named = form.querySelector("[data-if-reason]");
        named.hidden = event.target.value !== named.dataset.ifReason;
    }
    save(form);
});

document.addEventListener("keydown", (event) => {
    const form = event.target.closest?.("form[data-outcome-form]") ?? formNow();
    if (!form || event.repeat) return;
    const chosen = form.elements.outcome.value;
    if (event.code === "Escape" && chosen && !typing(event.target)) {
        event.stopImmediatePropagation();
        form.querySelector("[data-cancel]").click();
    }
    // Enter saves from anywhere on the page once an outcome is chosen, and from the note with Ctrl.
    const fromNote = event.target.tagName === "TEXTAREA";
    const elsewhere = event.target.tagName === "SELECT" || (!typing(event.target) && !event.target.closest?.("a, button, summary"));
    if (event.code === "Enter" && chosen && (fromNote ? event.ctrlKey || event.metaKey : elsewhere)) {
        event.preventDefault();
        event.stopImmediatePropagation();
        send(form);
    }
}, true);

document.addEventListener("submit", (event) => {
    const form = event.target.closest("form[data-outcome-form]");
    if (!form) return;
    const grave = form.querySelector(`[data-grave][data-outcome="${form.elements.outcome.value}"]`);
    // The panel is open and somebody pressed once more: that is the second key.
    if (grave) form.elements.confirmed.value = "1";
    if (form.dataset.sending || !form.elements.outcome.value) {
        event.preventDefault();
        event.stopImmediatePropagation();
    }
}, true);

document.addEventListener("htmx:before:request", (event) => {
    const form = event.detail.ctx.sourceElement;
    if (form?.matches?.("form[data-outcome-form]")) form.dataset.sending = "1";
});
document.addEventListener("htmx:after:request", (event) => {
    const { sourceElement: form, response } = event.detail.ctx;
    const written = response.status === 200 || response.status === 409;
    if (form?.matches?.("form[data-outcome-form]") && written) localStorage.removeItem(storeKey(form));
});
document.addEventListener("htmx:finally:request", (event) => {
    const form = event.detail.ctx.sourceElement;
    if (form?.matches?.("form[data-outcome-form]")) delete form.dataset.sending;
});

let shown = null;
function opened() {
    const form = formNow();
    if (form && form !== shown) restore(form);
    shown = form;
    filling();
}
document.addEventListener("htmx:after:swap", (event) => {
    const before = shown;
    opened();
    if (formNow() !== before && document.querySelector("[data-day]")) {
        first("#card")?.focus({ preventScroll: true });
        scrollTo({ top: 0 });
    }
});
document.addEventListener("DOMContentLoaded", () => {
    forgetOld();
    opened();
    if (document.querySelector("[data-day]")) first("#card")?.focus({ preventScroll: true });
});
