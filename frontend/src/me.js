// One's own page: how the pages look, and copying what is shown once.
import { copied } from "./copying.js";

const YEAR = 365 * 24 * 3600;

function chosen() {
    return document.cookie.match(/(?:^|;\s*)theme=(light|dark)(?:;|$)/)?.[1] ?? "";
}

function showTheme() {
    for (const button of document.querySelectorAll("[data-theme-choice]")) {
        const on = button.dataset.themeChoice === chosen();
        button.classList.toggle("active", on);
        button.setAttribute("aria-pressed", String(on));
    }
}

function chooseTheme(theme) {
    const age = theme ? YEAR : 0;
    document.cookie = `theme=${theme}; path=/; max-age=${age}; samesite=lax`;
    const dark = matchMedia("(prefers-color-scheme: dark)").matches;
    document.documentElement.dataset.bsTheme = theme || (dark ? "dark" : "light");
    showTheme();
}

document.addEventListener("click", async ({ target }) => {
    const theme = target.closest("[data-theme-choice]");
    if (theme) chooseTheme(theme.dataset.themeChoice);

    const copy = target.closest("[data-copy-from]");
    if (copy && (await copied(document.getElementById(copy.dataset.copyFrom)))) {
        copy.querySelector("span").textContent = copy.dataset.copied;
    }
});

showTheme();
