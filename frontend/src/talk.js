// What to say: whoever knows it by heart folds it, and it stays folded on the next card.
const YEAR = 365 * 24 * 3600;

document.addEventListener("toggle", ({ target }) => {
    if (!target.matches("[data-talk]")) return;
    const age = target.open ? 0 : YEAR;
    document.cookie = `talk=closed; path=/; max-age=${age}; samesite=lax`;
}, true);

// A variable goes where the text is being written.
let written = null;

document.addEventListener("focusin", ({ target }) => {
    if (target.matches("[data-script-text]")) written = target;
});

document.addEventListener("click", ({ target }) => {
    const variable = target.closest("[data-variable]");
    if (!variable) return;
    const field = written?.isConnected ? written : document.querySelector("[data-script-text]");
    field.setRangeText(variable.dataset.variable, field.selectionStart, field.selectionEnd, "end");
    field.focus();
    field.dispatchEvent(new Event("input", { bubbles: true }));
});
