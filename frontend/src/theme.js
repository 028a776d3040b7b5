// Runs before the first paint, or a dark page would flash white.
const dark = matchMedia("(prefers-color-scheme: dark)");

function apply() {
    const chosen = document.cookie.match(/(?:^|;\s*)theme=(light|dark)(?:;|$)/)?.[1];
    document.documentElement.dataset.bsTheme = chosen ?? (dark.matches ? "dark" : "light");
}

dark.addEventListener("change", apply);
apply();
