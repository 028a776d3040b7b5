// Hotkeys by the place of the key, so that Russian and Latin layouts are alike. Never while somebody types.

export function typing(target) {
    return Boolean(target?.closest?.("input:not([type=checkbox]):not([type=radio]), textarea, select, [contenteditable]"));
}

function visible(element) {
    return element.getClientRects().length > 0 && !element.disabled;
}

export function first(selector) {
    return [...document.querySelectorAll(selector)].find(visible);
}

function press(event) {
    if (event.repeat || event.ctrlKey || event.altKey || event.metaKey) return;
    if (event.code === "Escape" && typing(event.target)) {
        event.target.blur();
        return;
    }
    if (typing(event.target) || document.querySelector("dialog[open]")) return;
    if (event.code === "Enter" && event.target.closest("a, button, summary")) return;
    const focused = first(`[data-key-focus="${event.code}"]`);
    const search = first(`[data-hotkey="${event.code}"]`);
    const pressed = first(`[data-key="${event.code}"]`);
    const answered = focused ?? search ?? pressed;
    if (!answered) return;
    event.preventDefault();
    if (answered === pressed) answered.click();
    else answered.focus();
}

document.addEventListener("keydown", press);
