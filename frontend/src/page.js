// What every page does: messages that close, copied numbers, the theme, a lost connection, an ended session.

import { copiedText } from "./copying.js";

const YEAR = 365 * 24 * 3600;
const FADES_IN = 12_000;

document.addEventListener("click", async (event) => {
    const dismiss = event.target.closest("[data-dismiss]");
    if (dismiss) dismiss.closest(".alert").remove();

    const copy = event.target.closest("[data-copy]");
    if (copy) {
        if (!(await copiedText(copy.dataset.copy))) return;
        copy.classList.add("is-copied");
        setTimeout(() => copy.classList.remove("is-copied"), 1500);
    }

    if (event.target.closest("[data-theme-toggle]")) {
        const dark = document.documentElement.dataset.bsTheme === "dark";
        const theme = dark ? "light" : "dark";
        document.documentElement.dataset.bsTheme = theme;
        document.cookie = `theme=${theme}; path=/; max-age=${YEAR}; samesite=lax`;
    }

    const door = event.target.closest("[data-sign-in]");
    if (door) {
        event.preventDefault();
        location.assign(`${door.getAttribute("href")}?next=${encodeURIComponent(location.pathname + location.search)}`);
    }
});

// Signed in anew in another tab, the page's own token is stale; the cookie's is not.
document.addEventListener("htmx:config:request", (event) => {
    const token = document.cookie.match(/(?:^|;\s*)csrftoken=([^;]+)/)?.[1];
    if (token) event.detail.ctx.request.headers["X-CSRFToken"] = token;
});

const away = (hidden) => {
    const banner = document.getElementById("offline");
    if (banner) banner.hidden = hidden;
};
document.addEventListener("htmx:error", (event) => {
    if (!event.detail.ctx?.response) away(false);
});
document.addEventListener("htmx:after:request", () => away(true));
addEventListener("offline", () => away(false));
addEventListener("online", () => away(true));

function fade() {
    for (const message of document.querySelectorAll("[data-fades]:not([data-fading])")) {
        message.dataset.fading = "1";
        setTimeout(() => message.remove(), FADES_IN);
    }
}
document.addEventListener("htmx:after:swap", fade);

// A list that is closed on a small screen stays out of the way of the card.
function fold() {
    const small = matchMedia("(max-width: 991px)").matches;
    for (const list of document.querySelectorAll("[data-queue]")) list.open = !small;
}
document.addEventListener("DOMContentLoaded", fold);
document.addEventListener("htmx:after:swap", fold);

document.addEventListener("keydown", (event) => {
    if (event.code !== "KeyS" || event.ctrlKey || event.altKey || event.metaKey || event.repeat) return;
    const skip = document.querySelector(".bud-skip");
    if (!skip || event.target.closest("input, textarea, select")) return;
    event.preventDefault();
    skip.open = !skip.open;
    if (skip.open) skip.querySelector("button").focus();
});

// Of tabs that do not fit, the one that is open is seen.
document.addEventListener("DOMContentLoaded", () => {
    for (const tab of document.querySelectorAll("nav [aria-current]")) tab.scrollIntoView({ block: "nearest", inline: "nearest" });
});
